# Finds the toolchain file of whichever emcc is on the PATH: Debian's package or an emsdk.
execute_process(COMMAND em-config EMSCRIPTEN_ROOT OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "emcc is not on the PATH: apt-get install emscripten, or activate an emsdk")
endif()

# Transfer size is the budget: -Oz and link-time optimisation instead of CMake's -O3.
set(CMAKE_C_FLAGS_RELEASE "-Oz -DNDEBUG -flto" CACHE STRING "Flags of release builds of C")
set(CMAKE_CXX_FLAGS_RELEASE "-Oz -DNDEBUG -flto" CACHE STRING "Flags of release builds of C++")
include(${root}/cmake/Modules/Platform/Emscripten.cmake)
