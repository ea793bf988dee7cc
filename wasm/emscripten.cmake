# Finds the toolchain file of whichever emcc is on the PATH: Debian's package or an emsdk.
execute_process(COMMAND em-config EMSCRIPTEN_ROOT OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "emcc is not on the PATH: apt-get install emscripten, or activate an emsdk")
endif()
include(${root}/cmake/Modules/Platform/Emscripten.cmake)
