export { GovernanceModule } from './governance.module.js';
