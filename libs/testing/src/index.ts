export type { LinearInput, LinearModel } from './linear-onnx-model.js';
export { linearOnnxModel } from './linear-onnx-model.js';
