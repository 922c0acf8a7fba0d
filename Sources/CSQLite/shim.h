#pragma once
#include <sqlite3.h>

/* Of several arguments, which Swift cannot give. No count of all memory, which every allocation would lock. What undoes a statement
   that fails half-way stands in memory: a row with a dozen indexes touches more than the 64 KiB that are usual, and from then on each
   page of each row of a transaction was written to a temporary file, thirty calls a row. No larger limit either: beyond it all is
   written in one piece, whose length SQLite takes modulo 128 KiB, and calls the rest a full disk. */
static inline int yugong_sqlite_set_up(void) {
    int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return code != SQLITE_OK ? code : sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
}
