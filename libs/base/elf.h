// 32-bit little-endian i386 ELF files: the on-disk structures, and a validated view of a program.
// Source: System V ABI, "Object Files"; Intel386 supplement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace base::elf {

struct FileHeader {
  uint8_t ident[16];
  uint16_t type;
  uint16_t machine;
  uint32_t version;
  uint32_t entry;
  uint32_t program_header_offset;
  uint32_t section_header_offset;
  uint32_t flags;
  uint16_t header_size;
  uint16_t program_header_size;
  uint16_t program_header_count;
  uint16_t section_header_size;
  uint16_t section_header_count;
  uint16_t section_name_index;
};
static_assert(sizeof(FileHeader) == 52);

struct ProgramHeader {
  uint32_t type;
  uint32_t offset;
  uint32_t address;
  uint32_t physical_address;
  uint32_t file_size;
  uint32_t memory_size;
  uint32_t flags;
  uint32_t alignment;
};
static_assert(sizeof(ProgramHeader) == 32);

inline constexpr uint16_t kTypeExecutable = 2;
inline constexpr uint16_t kTypeShared = 3;
inline constexpr uint16_t kMachineI386 = 3;

inline constexpr uint32_t kLoad = 1;         // ProgramHeader::type
inline constexpr uint32_t kInterpreter = 3;
inline constexpr uint32_t kProgramHeaders = 6;
inline constexpr uint32_t kGnuStack = 0x6474e551;

inline constexpr uint32_t kFlagExecute = 1;  // ProgramHeader::flags
inline constexpr uint32_t kFlagWrite = 2;
inline constexpr uint32_t kFlagRead = 4;

inline constexpr uint32_t kPageSize = 4096;

// Auxiliary vector entries of a new program's stack.
enum AuxType : uint32_t {
  kAuxNull = 0,
  kAuxProgramHeaders = 3,
  kAuxProgramHeaderSize = 4,
  kAuxProgramHeaderCount = 5,
  kAuxPageSize = 6,
  kAuxBase = 7,
  kAuxFlags = 8,
  kAuxEntry = 9,
  kAuxUid = 11,
  kAuxEuid = 12,
  kAuxGid = 13,
  kAuxEgid = 14,
  kAuxPlatform = 15,
  kAuxHwcap = 16,
  kAuxClockTick = 17,
  kAuxSecure = 23,
  kAuxRandom = 25,
  kAuxExecFilename = 31,
  kAuxSysinfo = 32,
  kAuxSysinfoHeader = 33,
};

// Whether the header describes an i386 program or shared object whose program headers have the
// standard size. Says nothing of where they are in the file.
inline bool valid_header(const FileHeader& h) {
  return h.ident[0] == 0x7f && h.ident[1] == 'E' && h.ident[2] == 'L' && h.ident[3] == 'F' &&
         h.ident[4] == 1 && h.ident[5] == 1 && h.machine == kMachineI386 &&
         (h.type == kTypeExecutable || h.type == kTypeShared) &&
         h.program_header_size == sizeof(ProgramHeader) && h.program_header_count != 0;
}

// Whether a loadable segment can be mapped by pages below `limit`: file part within memory part,
// congruent offsets, no overflow.
inline bool valid_load(const ProgramHeader& p, uint32_t limit) {
  uint32_t end;
  uint32_t file_end;
  return p.file_size <= p.memory_size && !__builtin_add_overflow(p.address, p.memory_size, &end) &&
         end <= limit && !__builtin_add_overflow(p.offset, p.file_size, &file_end) &&
         p.address % kPageSize == p.offset % kPageSize;
}

// A program that lies in memory as a whole. Every accessor stays inside the bytes given.
class Image {
 public:
  // Null when the bytes are no loadable i386 program.
  static std::optional<Image> parse(const void* data, size_t size, uint32_t address_limit) {
    const auto* header = static_cast<const FileHeader*>(data);
    if (size < sizeof(FileHeader) || !valid_header(*header)) return std::nullopt;
    const size_t table_size = header->program_header_count * sizeof(ProgramHeader);
    if (header->program_header_offset > size ||
        table_size > size - header->program_header_offset) {
      return std::nullopt;
    }
    Image image(header);
    for (int i = 0; i < image.segment_count(); ++i) {
      const ProgramHeader& p = image.segment(i);
      if (p.type != kLoad) continue;
      if (!valid_load(p, address_limit) || p.offset + p.file_size > size) return std::nullopt;
    }
    return image;
  }

  const FileHeader& header() const { return *header_; }
  int segment_count() const { return header_->program_header_count; }
  const ProgramHeader& segment(int i) const {
    return reinterpret_cast<const ProgramHeader*>(bytes() + header_->program_header_offset)[i];
  }
  const char* bytes() const { return reinterpret_cast<const char*>(header_); }

  // Where the program headers are once loaded, or 0 when no segment holds them.
  uint32_t program_headers_address() const {
    for (int i = 0; i < segment_count(); ++i) {
      const ProgramHeader& p = segment(i);
      const uint32_t at = header_->program_header_offset;
      if (p.type == kLoad && p.offset <= at && at - p.offset < p.file_size) {
        return p.address + (at - p.offset);
      }
    }
    return 0;
  }

 private:
  explicit Image(const FileHeader* header) : header_(header) {}
  const FileHeader* header_;
};

}  // namespace base::elf
