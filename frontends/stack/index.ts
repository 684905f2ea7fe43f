// The sm frontend: its public face.
export { SM_DIAGNOSTIC_CODES, type SmDiagnosticCode } from './diagnostic-codes';
export { stackFrontend } from './frontend';
