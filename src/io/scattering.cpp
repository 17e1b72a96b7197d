// Patterns and pair functions of diffraction: Fit2D .chi, pyFAI .dat and .xy, PDFgetX2, PDFgetX3 and GSAS-II .iq .sq .fq .gr.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

#include "core/error.hpp"
#include "io/cell.hpp"
#include "io/instrument.hpp"
#include "io/number.hpp"
#include "io/table.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

constexpr std::size_t rows_that_begin = 3;  // rows of numbers in succession that are data, not settings

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}
bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// Which length a label is in: "nm", "angstrom", or nothing when it does not say.
std::string length_in(std::string_view label) {
  const std::string text = lower(label);
  if (contains(text, "nm") || contains(text, "nanomet")) return "nm";
  if (contains(text, "angstrom") || contains(label, "AA") || contains(label, "\u00c5") || contains(label, "_A^") || contains(label, "(A") ||
      contains(label, "/A"))
    return "angstrom";
  return "";
}
std::string inverse(const std::string& length) { return length.empty() ? "" : "1/" + length; }

/// The abscissa that a label names; the name is empty when it is none that is known.
CurveColumn abscissa(std::string_view label) {
  const std::string text = lower(trimmed(label));
  if (text.starts_with("2-theta") || text.starts_with("2th") || text.starts_with("two_theta") || text.starts_with("2theta"))
    return {"two_theta", contains(text, "rad") && !contains(text, "grad") ? "rad" : contains(text, "deg") ? "deg" : "", {}};
  if (text == "q" || text.starts_with("q_") || text.starts_with("q ") || text.starts_with("q(") || text.starts_with("q["))
    return {"q", inverse(length_in(label)), {}};
  if (text == "r" || text.starts_with("r_") || text.starts_with("r(") || text.starts_with("r [")) return {"r", length_in(label), {}};
  if (text.starts_with("chi_") || text.starts_with("azimuth")) return {"azimuth", contains(text, "rad") ? "rad" : "deg", {}};
  return {};
}

/// What stands beside the abscissa: I, S(Q), F(Q), G(r); the case of the letter matters, g(r) is another function than G(r).
CurveColumn ordinate(std::string_view label, const std::string& length) {
  label = trimmed(label);
  const std::string letter(label.substr(0, std::min(label.size(), label.find_first_of(" ([_$"))));
  if (letter == "I" || lower(letter) == "intensity") return {"intensity", "1", {}};
  if (letter == "S") return {"structure_factor", "1", {}};
  if (letter == "F") return {"reduced_structure_factor", inverse(length), {}};
  if (letter == "G") return {"g_reduced", length.empty() ? "" : "1/" + length + "^2", {}};
  return {std::string(label), "", {}};
}

bool is_error(std::string_view label) {
  const std::string text = lower(trimmed(label));
  return text.starts_with("d_") || text.starts_with("d(") || (text.size() <= 5 && text.front() == 'd') || text.starts_with("sig") ||
         text.starts_with("err") || text.starts_with("esd") || text.starts_with("std");
}

/// "d_r", "dQ": of the abscissa.
bool is_error_of(std::string_view label, const std::string& name) {
  const std::string text = lower(trimmed(label));
  return text == "d" + name || text == "d_" + name || text == "d(" + name + ")";
}

/// Columns by the labels of a line of names.
std::vector<CurveColumn> columns_of(const std::vector<std::string>& labels, std::size_t width, bool angstrom_by_format) {
  std::vector<CurveColumn> out(width);
  if (labels.empty() || width == 0) return out;
  out[0] = abscissa(labels[0]);
  std::string length = length_in(labels[0]);
  if (length.empty() && angstrom_by_format && (out[0].name == "q" || out[0].name == "r"))
    length = "angstrom", out[0].unit = out[0].name == "q" ? "1/angstrom" : "angstrom";
  if (out[0].name.empty()) out[0].name = labels[0];
  for (std::size_t i = 1; i < std::min(width, labels.size()); ++i) {
    const std::string own = length_in(labels[i]);
    if (i > 1 && is_error_of(labels[i], out[0].name))
      out[i] = {out[0].name + "_error", out[0].unit, {}};
    else if (i > 1 && is_error(labels[i]))
      out[i] = {out[1].name + "_error", out[1].unit, {}};
    else
      out[i] = ordinate(labels[i], own.empty() ? length : own);
  }
  return out;
}

/// Labels parted by two blanks or more, else by single ones.
std::vector<std::string> labels_of(std::string_view line, std::size_t width) {
  std::vector<std::string> wide, narrow;
  std::string_view rest = trimmed(line);
  while (!rest.empty()) {
    const std::size_t at = std::min(rest.find("  "), rest.find('\t'));
    wide.emplace_back(trimmed(rest.substr(0, at)));
    rest = at == std::string_view::npos ? std::string_view() : trimmed(rest.substr(at));
  }
  for (const std::string_view w : words(line)) narrow.emplace_back(w);
  return wide.size() == width || narrow.size() != width ? wide : narrow;
}

std::size_t numbers_in(std::string_view line) {
  std::size_t n = 0;
  double value = 0;
  for (const std::string_view w : words(line))
    if (is_real(w, value))
      ++n;
    else
      return 0;
  return n;
}

struct Parts {
  std::vector<std::string_view> head;
  std::size_t first_line = 0, width = 0;  ///< of the numbers
  std::string_view body;
};

/// The head ends before the first rows of numbers of equal length; what follows #L or "start data" comes first.
Parts parts_of(const std::string& path, std::string_view text) {
  std::vector<std::string_view> all;
  std::vector<std::size_t> offset;
  Lines lines(text);
  std::string_view line;
  std::size_t at = 0, from = 0;
  while (lines.next(line)) {
    if (line.starts_with("#L ") || contains(line, "start data")) from = all.size();
    all.push_back(line), offset.push_back(at);
    at = lines.position();
  }
  for (std::size_t i = from; i < all.size(); ++i) {
    const std::size_t n = numbers_in(all[i]);
    if (n < 2) continue;
    std::size_t run = 1;
    while (run < rows_that_begin && i + run < all.size() && (numbers_in(all[i + run]) == n || trimmed(all[i + run]).empty())) ++run;
    if (run < rows_that_begin && i + run < all.size()) continue;
    return {{all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i)}, i + 1, n, text.substr(offset[i])};
  }
  throw FormatError(path, all.size(), "rows of at least two numbers must follow the header, got none");
}

/// "# azimuth: 30 deg", "azimuth_range = 20, 40", "Wavelength: 1.2e-11 m".
void read_setting(std::string_view line, Curve& curve) {
  while (!line.empty() && (line.front() == '#' || line.front() == ' ')) line.remove_prefix(1);
  const std::size_t mark = line.find_first_of(":=");
  if (mark == std::string_view::npos) return;
  std::string name = lower(trimmed(line.substr(0, mark)));
  std::replace(name.begin(), name.end(), '_', ' ');
  std::vector<double> values;
  std::string unit, cell;
  const std::string behind = std::string(line.substr(mark + 1)) + " ";
  for (const char c : behind) {
    if (!contains(" ,()[]\t", std::string_view(&c, 1))) {
      cell += c;
      continue;
    }
    double value = 0;
    if (is_real(cell, value))
      values.push_back(value);
    else if (unit.empty())
      unit = cell;
    cell.clear();
  }
  if (values.empty()) return;
  if (name.starts_with("azimuth") && values.size() <= 2) {
    const bool radian = unit.starts_with("rad");
    curve.properties["azimuth"] = {values.size() == 2 ? (values[0] + values[1]) / 2 : values[0], radian ? "rad" : "deg"};
  }
  if (name == "wavelength" && is_unit(unit)) curve.properties["wavelength"] = {values[0], unit};
}

/// The last comment before the numbers whose first word is an abscissa.
std::string_view names_in(const std::vector<std::string_view>& head) {
  for (std::size_t i = head.size(); i-- > 0;) {
    std::string_view line = head[i];
    if (!line.starts_with("#")) continue;
    line.remove_prefix(line.starts_with("#L ") ? 3 : 1);
    const std::vector<std::string_view> w = words(line);
    if (w.size() > 1 && !abscissa(w.front()).name.empty()) return line;
  }
  return {};
}

bool is_fit2d(const std::vector<std::string_view>& head) {
  std::size_t points = 0;
  return head.size() == 4 && is_integer(trimmed(head[3]), points) && !abscissa(head[1]).name.empty();
}

}  // namespace

bool is_scattering(std::string_view head) {
  std::vector<std::string_view> top;
  Lines lines(head);
  std::string_view line;
  bool named = false;
  while (lines.next(line)) {
    if (top.size() < 4) top.push_back(line);
    if (line.starts_with("#### start data") || line.starts_with("##### start data") || line.starts_with("####### Get_XPDF")) return true;
    if (!line.starts_with("#")) continue;
    line.remove_prefix(line.starts_with("#L ") ? 3 : 1);
    const std::vector<std::string_view> w = words(line);
    if (w.size() < 2) continue;
    const CurveColumn x = abscissa(w.front());
    named = named || ((x.name == "q" || x.name == "r" || x.name == "two_theta") && w[1] != "=" && !contains(w.front(), ":"));
  }
  return named || is_fit2d(top);
}

std::vector<Curve> read_scattering(const std::string& path, std::string_view text) {
  const Parts parts = parts_of(path, text);
  Curve head;
  for (const std::string_view line : parts.head) read_setting(line, head);
  const bool fit2d = is_fit2d(parts.head);
  bool angstrom = false;
  for (const std::string_view line : parts.head)
    angstrom = angstrom || contains(lower(line), "pdfgetx") || contains(line, "Get_XPDF") || contains(line, "start data");
  std::vector<std::string> labels;
  if (fit2d) {
    labels = {std::string(trimmed(parts.head[1])), std::string(trimmed(parts.head[2]))};
  } else {
    labels = labels_of(names_in(parts.head), parts.width);
  }
  std::vector<CurveColumn> columns = columns_of(labels, parts.width, angstrom);
  const bool by_format = angstrom && !labels.empty() && length_in(labels[0]).empty();
  TableBuilder table(path, std::move(columns));
  for (SheetRow& row : rows_of_text(parts.body, ' ', parts.first_line))
    if (!row.comment) table.add(row.line, std::move(row.cells));
  Curve curve = table.finish('.');
  if (std::size_t points = 0; fit2d && is_integer(trimmed(parts.head[3]), points) && points != curve.size())
    throw FormatError(path, parts.first_line + curve.size() - 1,
                      fmt::format("the file must hold {} points as its fourth line says, got {}", points, curve.size()));
  if (by_format && !curve.columns.empty() && !curve.columns.front().unit.empty())
    curve.warnings.push_back(
        fmt::format("{}: the file gives no unit for {}; programs of the PDFgetX family write angstrom", path, curve.columns.front().name));
  curve.properties = std::move(head.properties);
  return {curve};
}

void name_by_extension(const std::string& path, std::vector<Curve>& curves) {
  struct Meaning {
    std::string_view extension, x, y, y_error;
  };
  static constexpr std::array<Meaning, 4> meanings = {{{".iq", "q", "intensity", "intensity_error"},
                                                       {".sq", "q", "structure_factor", "structure_factor_error"},
                                                       {".fq", "q", "reduced_structure_factor", "reduced_structure_factor_error"},
                                                       {".gr", "r", "g_reduced", "g_reduced_error"}}};
  const auto meaning =
      std::find_if(meanings.begin(), meanings.end(), [p = lower(path)](const Meaning& m) { return p.ends_with(m.extension); });
  if (meaning == meanings.end()) return;
  for (Curve& c : curves) {
    if (c.columns.size() < 2 || c.columns.size() > 3 || c.columns[0].name != "column 1" || c.columns[1].name != "column 2") continue;
    c.columns[0].name = meaning->x, c.columns[1].name = meaning->y;
    if (c.columns.size() == 3) c.columns[2].name = meaning->y_error;
    c.warnings.push_back(
        fmt::format("{}: the file names no columns; by its name {} they are {} and {}", path, meaning->extension, meaning->x, meaning->y));
  }
}

}  // namespace heteroglass::io
