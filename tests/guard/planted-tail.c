// For the reader of assembly: one call through a pointer that returns, one that is a last jump, a switch,
// which jumps through a table and calls nothing unknown, and a table of functions that looks like it.
void call_and_go_on(void (*whatever)(void), int *after) {
    whatever();
    *after = 1;
}

void call_as_last(void (*whatever)(void)) { whatever(); }

int switch_by_table(int kind, int value) {
    switch (kind) {
        case 0: return value * value;
        case 1: return value - 7;
        case 2: return value << 3;
        case 3: return value / 9;
        case 4: return ~value;
        case 5: return value % 11;
        default: return 0;
    }
}

#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN void call_the_first(void) { __asm__ volatile(""); }
HIDDEN void call_the_second(void) { __asm__ volatile("nop"); }

__asm__(".section .rodata\n"
        ".balign 4\n"
        "relative_calls:\n"
        ".long call_the_first - relative_calls\n"
        ".long call_the_second - relative_calls\n"
        ".text\n");
extern const int relative_calls[] HIDDEN;

void call_by_table(unsigned kind) {
    void (*chosen)(void) = (void (*)(void))((const char *)relative_calls + relative_calls[kind]);
    chosen();
}
