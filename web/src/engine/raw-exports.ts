/** What wayline.wasm exports: wasm/exports.txt, documented in wasm/README.md. Numbers are u32; pointers index linear memory. */
export interface RawExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  wayline_abi_version(): number;
  wayline_allocate(size: number): number;
  wayline_release(pointer: number, size: number): void;
  wayline_output_pointer(): number;
  wayline_output_size(): number;
  wayline_program_load(pointer: number, size: number): number;
  wayline_program_release(program: number): void;
  wayline_session_create(program: number, pointer: number, size: number): number;
  wayline_session_release(session: number): void;
  wayline_session_step(session: number, pointer: number, size: number): number;
  wayline_session_view(session: number, at: number, texts: number, idSize: number, urlSize: number, titleSize: number, referrerSize: number): number;
  wayline_session_variant(session: number, experience: number, variant: number): number;
  wayline_session_decide(session: number, pointer: number, size: number): number;
  wayline_session_inspect(session: number, pointer: number, size: number): number;
  wayline_session_snapshot(session: number): number;
  wayline_session_digest(session: number): number;
}

/** Only in wayline-studio.wasm. */
export interface RawStudioExports extends RawExports {
  wayline_studio_eval(pointer: number, size: number): number;
  wayline_studio_compile(pointer: number, size: number): number;
  wayline_studio_explain(program: number, programSize: number, pointer: number, size: number): number;
  wayline_studio_program_pointer(): number;
  wayline_studio_program_size(): number;
}
