// Entry of wayline-engine.mjs: the engine alone, for Node and tools. Give it the bytes of wayline.wasm.
export type { Candidate, Content, Decision, Explanation, Previews, Reason } from './engine/decision.js';
export { EngineOfBytes as Engine } from './engine/engine-of-bytes.js';
export type { Json, JsonObject } from './engine/json.js';
export { stepPageView, type PageView } from './engine/page-view.js';
export { Program, type ProgramFacts } from './engine/program.js';
export { Session, type DecideInput, type Restoration } from './engine/session.js';
export type { InspectedHold, InspectedJourney, InspectedStage, InspectedTrait, SessionInspection } from './engine/session-inspection.js';
export type { Effect, Enrolment, Notice, StepInput, StepOutput } from './engine/step.js';
export { Studio } from './engine/studio.js';
export type { ErrorCode } from './errors/codes.js';
export { WaylineError } from './errors/error.js';
