const { TestEnvironment } = require('jest-environment-node');

/** onnxruntime-node compares typed arrays with those of the outer realm; jest's own realm has others of the same names. */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, { ArrayBuffer, Float32Array, Float64Array, Int32Array, BigInt64Array, Uint8Array });
  }
};
