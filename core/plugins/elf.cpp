#include "core/plugins/elf.hpp"

#include <elf.h>

#include <cstring>

#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
constexpr std::string_view kMachineName = "x86-64";
#elif defined(__aarch64__)
constexpr uint16_t kMachine = EM_AARCH64;
constexpr std::string_view kMachineName = "aarch64";
#else
#error "name this machine for the plugin loader"
#endif
constexpr unsigned char kByteOrder =
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;

// The caller has checked that it lies inside; copied because nothing says that it is aligned.
template <class T>
T copy_at(std::string_view file, uint64_t offset) {
  T value;
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

bool inside(std::string_view file, uint64_t offset, uint64_t size) {
  return offset <= file.size() && size <= file.size() - offset;
}

std::optional<std::string_view> name_at(std::string_view names, uint64_t offset) {
  if (offset >= names.size()) return std::nullopt;
  const auto end = names.find('\0', offset);
  if (end == std::string_view::npos) return std::nullopt;
  return names.substr(offset, end - offset);
}

std::string truncated(std::string_view what) {
  return join("is truncated: ", what, " beyond the file; copy it again");
}

// Empty when the head is that of a shared library for this machine.
std::string head_fault(std::string_view file) {
  constexpr std::string_view kNot =
      "is not an ELF shared library; build it with gantry_add_plugin()";
  if (file.size() < SELFMAG || std::memcmp(file.data(), ELFMAG, SELFMAG) != 0)
    return std::string(kNot);
  if (file.size() < sizeof(Elf64_Ehdr)) return truncated("the ELF header ends");
  const auto head = copy_at<Elf64_Ehdr>(file, 0);
  if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_ident[EI_DATA] != kByteOrder ||
      head.e_machine != kMachine) {
    return join("is built for another machine (ELF machine ", head.e_machine,
                "); build it for " + std::string(kMachineName));
  }
  if (head.e_ident[EI_VERSION] != EV_CURRENT || head.e_version != EV_CURRENT ||
      head.e_type != ET_DYN) {
    return std::string(kNot);
  }
  return {};
}

// Empty when all that the dynamic linker will map lies inside the file.
std::string segment_fault(std::string_view file, const Elf64_Ehdr& head) {
  if (head.e_phentsize != sizeof(Elf64_Phdr))
    return "has malformed program headers; build it again";
  if (!inside(file, head.e_phoff, uint64_t{head.e_phnum} * sizeof(Elf64_Phdr)))
    return truncated("the program headers end");
  for (uint64_t i = 0; i < head.e_phnum; ++i) {
    const auto segment = copy_at<Elf64_Phdr>(file, head.e_phoff + i * sizeof(Elf64_Phdr));
    if (segment.p_type == PT_LOAD && !inside(file, segment.p_offset, segment.p_filesz))
      return truncated("a segment ends");
  }
  return {};
}
}  // namespace

Result<Elf, std::string> Elf::read(std::string_view file) {
  if (auto fault = head_fault(file); !fault.empty()) return Refused{std::move(fault)};
  const auto head = copy_at<Elf64_Ehdr>(file, 0);
  if (auto fault = segment_fault(file, head); !fault.empty()) return Refused{std::move(fault)};
  if (head.e_shnum == 0) return Refused{std::string("has no section table; do not strip it")};
  if (head.e_shentsize != sizeof(Elf64_Shdr) || head.e_shstrndx >= head.e_shnum)
    return Refused{std::string("has a malformed section table; build it again")};
  if (!inside(file, head.e_shoff, uint64_t{head.e_shnum} * sizeof(Elf64_Shdr)))
    return Refused{truncated("the section table ends")};

  const auto header = [&](uint64_t i) {
    return copy_at<Elf64_Shdr>(file, head.e_shoff + i * sizeof(Elf64_Shdr));
  };
  const auto names_header = header(head.e_shstrndx);
  if (!inside(file, names_header.sh_offset, names_header.sh_size))
    return Refused{truncated("the section names end")};
  const auto names = file.substr(names_header.sh_offset, names_header.sh_size);
  Elf elf;
  for (uint64_t i = 0; i < head.e_shnum; ++i) {
    const auto raw = header(i);
    const auto name = name_at(names, raw.sh_name);
    if (!name) return Refused{std::string("has a section without a name; build it again")};
    Section section{*name, {}, raw.sh_type, raw.sh_link};
    if (raw.sh_type != SHT_NOBITS && raw.sh_type != SHT_NULL) {
      if (!inside(file, raw.sh_offset, raw.sh_size))
        return Refused{truncated(join("section ", *name, " ends"))};
      section.bytes = file.substr(raw.sh_offset, raw.sh_size);
    }
    elf.sections_.push_back(section);
  }
  return elf;
}

std::optional<std::string_view> Elf::section(std::string_view name) const {
  for (const Section& section : sections_) {
    if (section.name == name && section.type == SHT_PROGBITS) return section.bytes;
  }
  return std::nullopt;
}

bool Elf::exports_function(std::string_view name) const {
  for (const Section& table : sections_) {
    if (table.type != SHT_DYNSYM || table.link >= sections_.size()) continue;
    const std::string_view names = sections_[table.link].bytes;
    for (uint64_t at = 0; inside(table.bytes, at, sizeof(Elf64_Sym)); at += sizeof(Elf64_Sym)) {
      const auto symbol = copy_at<Elf64_Sym>(table.bytes, at);
      const bool visible = ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL &&
                           ELF64_ST_TYPE(symbol.st_info) == STT_FUNC &&
                           ELF64_ST_VISIBILITY(symbol.st_other) == STV_DEFAULT;
      if (visible && symbol.st_shndx != SHN_UNDEF && name_at(names, symbol.st_name) == name)
        return true;
    }
  }
  return false;
}

}  // namespace gantry::plugins
