#pragma once
#include <sqlite3.h>

/* Of several arguments, which Swift cannot give: no count of all memory, which every allocation would lock. */
static inline int yugong_sqlite_no_memory_count(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
