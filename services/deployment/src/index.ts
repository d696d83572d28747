export { DeploymentModule } from './deployment.module.js';
