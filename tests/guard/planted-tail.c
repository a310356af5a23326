// For the reader of assembly: one call through a pointer that returns, one that is a last jump, and a
// switch, which jumps through a table and calls nothing unknown.
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
