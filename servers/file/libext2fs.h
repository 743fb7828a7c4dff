// libext2fs's header with what it expects to have been included.
#pragma once

#include <sys/types.h>

#include <ext2fs/ext2fs.h>
