import { writeFile } from 'node:fs/promises';
import { fileStoreError } from './file-store-error.js';

describe('a failure of the file system below the object store', () => {
  const failureOfWritingTo = (path: string): Promise<unknown> => writeFile(path, 'x').then(() => undefined, (error: unknown) => error);

  it('is disk-full when the device has no room left', async () => {
    const error = fileStoreError('models/a.onnx', await failureOfWritingTo('/dev/full'));
    expect(error).toMatchObject({ code: 'disk-full', kind: 'unavailable', detail: 'There is no room left for models/a.onnx' });
  });

  it('is object-store-unavailable otherwise', async () => {
    expect(fileStoreError('models/a.onnx', await failureOfWritingTo('/'))).toMatchObject({ code: 'object-store-unavailable' });
  });
});
