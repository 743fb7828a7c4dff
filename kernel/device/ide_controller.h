// Finds the IDE controllers of the machine and makes its disks known.
#pragma once

namespace device {

// Adds "hd0", "hd1" ... in the order primary master, primary slave, secondary master, secondary
// slave; numbers go to drives that exist. Only controllers capable of bus-master DMA count.
void add_ide_disks();

}  // namespace device
