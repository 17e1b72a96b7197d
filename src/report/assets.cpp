#include "report/assets.hpp"

#include <cstddef>

// The assembler copies the files into read-only data: compiling 1.7 MB as string literals would take minutes.
// HETEROGLASS_REPORT_FILES is the folder of this file, set by the build.
#define HETEROGLASS_EMBED(symbol, file)                                                                                                   \
  __asm__(".section .rodata\n.global " #symbol "_begin\n.global " #symbol "_end\n" #symbol "_begin:\n.incbin \"" HETEROGLASS_REPORT_FILES \
          "/" file "\"\n" #symbol "_end:\n.byte 0\n.previous\n");                                                                         \
  extern "C" const char symbol##_begin[], symbol##_end[];

HETEROGLASS_EMBED(heteroglass_plotly, "vendor/plotly-basic.min.js")
HETEROGLASS_EMBED(heteroglass_3dmol, "vendor/3Dmol-min.js")
HETEROGLASS_EMBED(heteroglass_page_script, "page/page.js")
HETEROGLASS_EMBED(heteroglass_atoms_script, "page/atoms.js")
HETEROGLASS_EMBED(heteroglass_page_style, "page/page.css")

namespace heteroglass::report {
namespace {

std::string_view between(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

}  // namespace

std::string_view plotly_script() { return between(heteroglass_plotly_begin, heteroglass_plotly_end); }
std::string_view molecule_script() { return between(heteroglass_3dmol_begin, heteroglass_3dmol_end); }
std::string_view page_script() { return between(heteroglass_page_script_begin, heteroglass_page_script_end); }
std::string_view atoms_script() { return between(heteroglass_atoms_script_begin, heteroglass_atoms_script_end); }
std::string_view page_style() { return between(heteroglass_page_style_begin, heteroglass_page_style_end); }

}  // namespace heteroglass::report
