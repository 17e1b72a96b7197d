#include "potential/kim_table.hpp"

#if __has_include(<elf.h>)
#include <elf.h>
#define HETEROGLASS_ELF
#endif

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace heteroglass::potential {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> collections() {
  std::vector<fs::path> out;
  if (const char* folders = std::getenv("KIM_API_PORTABLE_MODELS_DIR")) {
    std::istringstream list(folders);
    for (std::string folder; std::getline(list, folder, ':');) out.emplace_back(folder);
  }
  std::vector<fs::path> libraries = {"/usr/local/lib", "/usr/lib", "/usr/lib64"};
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator("/usr/lib", ignored))
    if (entry.path().filename().string().ends_with("-linux-gnu")) libraries.push_back(entry.path());
  for (const fs::path& library : libraries) out.push_back(library / "kim-api" / "portable-models");
  if (const char* home = std::getenv("HOME"))
    for (const fs::directory_entry& version : fs::directory_iterator(fs::path(home) / ".kim-api", ignored))
      for (const char* name : {"portable-models", "portable-models-dir"}) out.push_back(version.path() / name);
  return out;
}

#ifdef HETEROGLASS_ELF
/// A piece of the file as a T; false when it lies outside.
template <class T> bool read_at(const std::string& file, std::uint64_t at, T& out) {
  if (at > file.size() || file.size() - at < sizeof(T)) return false;
  std::memcpy(&out, file.data() + at, sizeof(T));
  return true;
}

/// Where in the file an address of the loaded library lies.
std::optional<std::uint64_t> place_of(const std::string& file, const Elf64_Ehdr& header, std::uint64_t address) {
  for (unsigned k = 0; k < header.e_phnum; ++k) {
    Elf64_Phdr part;
    if (!read_at(file, header.e_phoff + std::uint64_t{k} * header.e_phentsize, part)) return {};
    if (part.p_type == PT_LOAD && address >= part.p_vaddr && address - part.p_vaddr < part.p_filesz)
      return part.p_offset + address - part.p_vaddr;
  }
  return {};
}

/// The symbol of a 64-bit library whose name ends as asked, as text.
std::optional<std::string> find_text(const std::string& file, const std::string& ending) {
  Elf64_Ehdr header;
  if (!read_at(file, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64) return {};
  for (unsigned k = 0; k < header.e_shnum; ++k) {
    Elf64_Shdr section, names;
    if (!read_at(file, header.e_shoff + std::uint64_t{k} * header.e_shentsize, section)) return {};
    if (section.sh_type != SHT_DYNSYM || section.sh_entsize == 0) continue;
    if (!read_at(file, header.e_shoff + std::uint64_t{section.sh_link} * header.e_shentsize, names)) return {};
    for (std::uint64_t at = section.sh_offset; at < section.sh_offset + section.sh_size; at += section.sh_entsize) {
      Elf64_Sym symbol;
      if (!read_at(file, at, symbol) || names.sh_offset + symbol.st_name >= file.size()) return {};
      const std::string name(file.c_str() + names.sh_offset + symbol.st_name);
      if (!name.ends_with(ending) || symbol.st_size == 0) continue;
      const auto place = place_of(file, header, symbol.st_value);
      if (place && *place < file.size() && file.size() - *place >= symbol.st_size) return file.substr(*place, symbol.st_size);
    }
  }
  return {};
}

#else
std::optional<std::string> find_text(const std::string&, const std::string&) { return {}; }
#endif

}  // namespace

std::optional<KimTable> kim_table(const std::string& model) {
  if (model.empty() || model.find('/') != std::string::npos) return {};
  for (const fs::path& collection : collections()) {
    const fs::path library = collection / model / "libkim-api-portable-model.so";
    std::ifstream in(library, std::ios::binary);
    if (!in) continue;
    std::ostringstream bytes;
    bytes << in.rdbuf();
    const std::string file = bytes.str();
    for (const bool finnis_sinclair : {true, false})
      if (auto text = find_text(file, finnis_sinclair ? "_eam_fs" : "_eam_alloy"))
        return KimTable{std::move(*text), finnis_sinclair, library.string()};
    return {};
  }
  return {};
}

std::vector<std::string> kim_models() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const fs::path& portable : collections())
    for (const fs::path& folder : {portable, portable.parent_path() / "simulator-models"})
      for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace heteroglass::potential
