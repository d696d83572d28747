export type { FeatureFlaw } from './feature-columns.js';
export type { Model } from './load-model.js';
export { loadModel } from './load-model.js';
export type { FeatureRow, ModelInput, ModelSignature } from './model-signature.js';
