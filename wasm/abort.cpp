// libc++abi explains an abort with printf, whose code no page needs: a trap says enough.
extern "C" [[noreturn]] void abort_message(const char*, ...) { __builtin_trap(); }
