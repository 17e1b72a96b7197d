#include "cli/describe.hpp"

#include <fmt/format.h>

#include <cmath>

#include "analyses.hpp"
#include "run/execute.hpp"
#include "run/input_options.hpp"
#include "run/options.hpp"

namespace heteroglass::cli {
namespace {

std::string usage(const Analysis& a) {
  std::string inputs;
  switch (a.input) {
    case InputKind::none:
      break;
    case InputKind::frame:
      inputs = " FILE[@INDEX]";
      break;
    case InputKind::frame_pair:
      inputs = " REFERENCE[@INDEX] CURRENT[@INDEX]";
      break;
    case InputKind::frames:
      inputs = " FILE[@INDEX]...";
      break;
    case InputKind::trajectory:
      inputs = " FILE";
      break;
    case InputKind::curves:
      inputs = " [FILE...]";
      break;
    case InputKind::frames_and_curves:
      inputs = " [FILE[@INDEX]...]";
      break;
    case InputKind::volume:
      inputs = " FILE";
      break;
    case InputKind::volumes:
      inputs = " FILE...";
      break;
    case InputKind::images:
      inputs = " [FILE...]";
      break;
  }
  return fmt::format("heteroglass {} {}{} [--option VALUE[unit]] [-o DIR] [--json]", run::hyphenated(a.family), run::hyphenated(a.name),
                     inputs);
}

std::string range_text(const Field& f) {
  if (!f.choices.empty()) return fmt::format("{}", fmt::join(f.choices, " | "));
  if (!std::isfinite(f.low) && !std::isfinite(f.high)) return "";
  if (!std::isfinite(f.high)) return fmt::format("{} {}", f.low_open ? ">" : ">=", f.low);
  if (!std::isfinite(f.low)) return fmt::format("<= {}", f.high);
  return fmt::format("{} to {}", f.low, f.high);
}

std::string default_text(const Analysis& a, const Field& f) {
  const std::string text = run::option_text(f, a.new_options().get(), UnitSystem::metal);
  return text.empty() ? "automatic" : text;
}

std::string uncertainty(const Fields& fields, const Field& f) {
  if (f.kind == Kind::measured) return "standard uncertainty";
  for (const Field& e : fields)
    if (e.error_of == f.name) return e.help;
  return f.no_error.empty() ? "" : "none: " + f.no_error;
}

/// Roles of columns or channels, and the flags that say what a file does not.
std::string roles_text(const Analysis& a) {
  if (run::input_fields(a).empty()) return {};
  const bool images = a.input == InputKind::images;
  const ColumnRoles* roles = images ? a.channels : a.columns;
  std::string text;
  if (roles) {
    text += images ? "\nChannels of the files\n" : "\nColumns of the files (the first is the one that --range means)\n";
    for (const ColumnRole& r : *roles) {
      const std::string unit = r.unit.empty() || r.unit == "1" ? "" : " [" + r.unit + "]";
      const std::string also = r.also.empty() ? "" : fmt::format("; also called {}", fmt::join(r.also, ", "));
      text += fmt::format("  {}{}{}\n      {}{}\n", r.name, unit, r.required ? "" : "  (if there)", r.help, also);
    }
  }
  text += images ? "Flags of images\n" : "Flags of curves\n";
  for (const Field* f : run::input_fields(a)) text += fmt::format("  --{:<15} {}\n", run::hyphenated(f->name), f->help);
  text +=
      a.joins_files || images ? "  All files make one run.\n" : "  Several files, or a pattern: one run each, summary.csv, one report.\n";
  return text;
}

std::string citation(const Reference& r) { return r.doi.empty() ? r.text : r.text + ", doi:" + r.doi; }

constexpr const char* common_flags =
    "Common flags\n"
    "  -o, --output DIR      write result.json, result.h5, report.html, CSV, SVG and extended XYZ; --overwrite replaces another result\n"
    "  --json                print one JSON object\n"
    "  --units metal|lj|real, --elements Cu,Zr, --timestep 0.005ps   what the input file does not say\n"
    "  --threads N, --dry-run\n";

}  // namespace

std::string listing() {
  std::string text, family;
  for (const Analysis* a : all_analyses()) {
    if (a->family != family) text += (family.empty() ? "" : "\n") + a->family + "\n";
    family = a->family;
    text += fmt::format("  {:<18} {}\n", run::hyphenated(a->name), a->summary);
  }
  return text;
}

std::string description(const Analysis& a) {
  std::string text = fmt::format("{}: {}\n\n  {}\n\nOptions\n", a.path(), a.summary, usage(a));
  for (const Field& f : *a.options) {
    std::string names = "--" + run::hyphenated(f.name);
    for (const std::string& alias : f.aliases) names += ", --" + run::hyphenated(alias);
    const std::string range = range_text(f), unit = f.unit.empty() || f.unit == "1" ? "" : " [" + f.unit + "]";
    text += fmt::format("  {}{}\n      {}; default {}{}\n", names, unit, f.help, default_text(a, f), range.empty() ? "" : ", " + range);
  }
  text += roles_text(a);
  text += common_flags;
  text += "\nResults\n";
  for (const Field& f : *a.results) {
    if (!f.error_of.empty()) continue;
    const std::string why = uncertainty(*a.results, f);
    text += fmt::format("  {}{}\n      {}{}{}\n", f.name, f.unit.empty() || f.unit == "1" ? "" : " [" + f.unit + "]", f.help,
                        f.per_atom ? "; per atom" : "", why.empty() ? "" : "; uncertainty: " + why);
  }
  text += "\nReferences\n";
  for (const Reference& r : a.references) text += "  " + citation(r) + "\n";
  if (a.references.empty()) text += "  none: " + a.no_reference + "\n";
  text += fmt::format("\nUnits\n{}", unit_grammar());
  return text;
}

std::string markdown(const Analysis& a) {
  std::string text = fmt::format(
      "## Syntax\n\n```\n{}\n```\n\n## Options\n\n| option | unit | default | allowed | meaning |\n|---|---|---|---|---|\n", usage(a));
  const auto cell = [](std::string s) {
    for (std::size_t i = s.find('|'); i != std::string::npos; i = s.find('|', i + 2)) s.insert(i, "\\");
    return s;
  };
  for (const Field& f : *a.options)
    text += fmt::format("| `--{}` | {} | {} | {} | {} |\n", run::hyphenated(f.name), f.unit, cell(default_text(a, f)), cell(range_text(f)),
                        cell(f.help));
  if (a.columns) {
    text += "\nColumns that a file may have, by role:\n\n| role | unit | needed | meaning | also called |\n|---|---|---|---|---|\n";
    for (const ColumnRole& r : *a.columns)
      text += fmt::format("| `{}` | {} | {} | {} | {} |\n", r.name, r.unit, r.required ? "yes" : "no", cell(r.help),
                          cell(fmt::format("{}", fmt::join(r.also, ", "))));
  }
  text += "\n## Results\n\n| result | unit | meaning | uncertainty |\n|---|---|---|---|\n";
  for (const Field& f : *a.results)
    if (f.error_of.empty())
      text += fmt::format("| `{}`{} | {} | {} | {} |\n", f.name, f.per_atom ? " (per atom)" : "", f.unit, cell(f.help),
                          cell(uncertainty(*a.results, f)));
  return text;
}

}  // namespace heteroglass::cli
