#pragma once
#include <spawn.h>

/* glibc has these for programs that define _GNU_SOURCE, which Swift's view of it does not. */
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

/* POSIX_SPAWN_SETSID */
static const short strata_spawn_setsid = 0x80;
/* POSIX_SPAWN_SETSCHEDULER */
static const short strata_spawn_setscheduler = 0x20;
