#pragma once
#include <libpq-fe.h>
#if defined(__linux__)
#include <sys/eventfd.h>
#include <sys/prctl.h>

/* prctl is variadic, and Swift cannot call it. */
static inline int strata_name_this_thread(const char *name) { return prctl(PR_SET_NAME, name); }

/* SCHED_BATCH, which glibc has for programs that define _GNU_SOURCE. */
static const int strata_sched_batch = 3;
#endif
