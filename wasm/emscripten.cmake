# Finds the toolchain file of whichever emcc is on the PATH: Debian's package or an emsdk.
execute_process(COMMAND em-config EMSCRIPTEN_ROOT OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "emcc is not on the PATH: apt-get install emscripten, or activate an emsdk")
endif()

# Transfer size is the budget, and of what a browser compiles on the page's own thread before the first decision. -Oz inlines what becomes
# smaller by it; of that the functions declared inline, since inlining whatever fits makes more and larger functions. Steps are an eighth faster
# than with -O2 and no inlining. With all that -O2 inlines they take a quarter less still, but the module is two fifths larger to transfer and to
# compile, which a first page pays for. Every browser that the script runs in (web/build.mjs) copies and fills memory, extends signs and cuts
# numbers by instructions of their own. FORCE: what a build folder remembers of earlier flags does not count.
set(flags "-Oz -finline-hint-functions -DNDEBUG -flto -mbulk-memory -msign-ext -mnontrapping-fptoint")
set(CMAKE_C_FLAGS_RELEASE ${flags} CACHE STRING "Flags of release builds of C" FORCE)
set(CMAKE_CXX_FLAGS_RELEASE ${flags} CACHE STRING "Flags of release builds of C++" FORCE)
include(${root}/cmake/Modules/Platform/Emscripten.cmake)
