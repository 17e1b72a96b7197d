#include "report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/escape.hpp"
#include "report/number.hpp"

namespace heteroglass::report {
namespace {

constexpr std::size_t rows_open = 12, rows_most = 500;

std::string unit_html(std::string_view unit) {
  const std::string pretty = pretty_unit(unit);
  return pretty.empty() ? "" : "\u00a0<span class=\"unit\">" + escape_html(pretty) + "</span>";
}

std::string heading(std::string_view name, std::string_view unit, std::string_view kind) {
  const std::string pretty = pretty_unit(unit);
  return fmt::format("<th scope=\"col\" class=\"{}\">{}{}</th>", kind, escape_html(humanised(name)),
                     pretty.empty() ? "" : " <span class=\"unit\">(" + escape_html(pretty) + ")</span>");
}

/// The cell sorts by the full value and shows it on hovering.
std::string number_cell(double value, double error) {
  if (!std::isfinite(value)) return "<td class=\"n\" data-v=\"\">–</td>";
  return fmt::format("<td class=\"n\" data-v=\"{0:.10g}\" title=\"{0:.10g}\">{1}</td>", value, escape_html(with_error(value, error)));
}

std::string text_cell(std::string_view text) { return "<td>" + escape_html(text) + "</td>"; }

struct Row {
  std::string name, value, about;
};

std::string interval_text(const PartResult& r) {
  if (!std::isfinite(r.low) || !std::isfinite(r.high)) return {};
  const std::string method = r.interval_method.empty() ? "" : " (" + r.interval_method + ")";
  return fmt::format("95 %: {} to {}{}", human(r.low), human(r.high), method);
}

std::string about(const PartResult& r) {
  std::vector<std::string> parts;
  if (!r.field.help.empty()) parts.push_back(escape_html(r.field.help));
  const std::string interval = interval_text(r);
  if (!interval.empty()) parts.push_back(escape_html(interval));
  if (!r.note.empty()) parts.push_back("<em>" + escape_html(r.note) + "</em>");
  else if (r.shape == Shape::number && !r.field.no_error.empty()) parts.push_back("<em>exact: " + escape_html(r.field.no_error) + "</em>");
  return fmt::format("{}", fmt::join(parts, ". "));
}

std::string named_values(const PartResult& r) {
  std::string out;
  for (std::size_t i = 0; i < r.values.size(); ++i)
    out += fmt::format("{}{} {}", i ? ", " : "", escape_html(r.texts[i]), escape_html(human(r.values[i])));
  return out + unit_html(r.field.unit);
}

std::string value_html(const PartResult& r) {
  if (r.shape == Shape::number) return escape_html(with_error(r.number, r.error)) + unit_html(r.field.unit);
  if (r.shape == Shape::flag) return r.flag ? "yes" : "no";
  if (r.shape == Shape::text) return escape_html(r.text);
  if (r.shape == Shape::named) return named_values(r);
  if (r.shape == Shape::nothing) return "–";
  return {};
}

bool labels_something(const Part& part, const PartResult& r) {
  return std::any_of(part.results.begin(), part.results.end(), [&](const PartResult& other) { return other.field.rows == r.field.name || other.field.against == r.field.name;
  });
}

std::string label_at(const PartResult* labels, std::size_t i) {
  return labels && i < labels->texts.size() ? labels->texts[i] : std::to_string(i + 1);
}

bool drawn_in(const std::vector<Figure>& figures, const PartResult& r) {
  return std::any_of(figures.begin(), figures.end(), [&](const Figure& f) {
    return std::find(f.results.begin(), f.results.end(), r.field.name) != f.results.end();
  });
}

bool is_abscissa(const Part& part, const PartResult& r) {
  return std::any_of(part.results.begin(), part.results.end(), [&](const PartResult& other) { return other.field.against == r.field.name; });
}

std::string folded(std::string table, std::size_t rows, PageState& page) {
  if (rows <= rows_open) return "<div class=\"scroll\">" + table + "</div>\n";
  const std::string id = fmt::format("more-{}", ++page.tables);
  return fmt::format("<div class=\"fold\"><input type=\"checkbox\" id=\"{0}\"><div class=\"scroll\">{1}</div><label for=\"{0}\"><span>show all {2} rows</span>"
                     "<span>show fewer rows</span></label></div>\n", id, table, rows);
}

}  // namespace

std::string key_numbers(const Part& part) {
  std::string rows;
  for (const PartResult& r : part.results) {
    const std::string value = value_html(r);
    if (value.empty()) continue;
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"value\">{}</td><td class=\"about\">{}</td></tr>\n", escape_html(r.label()), value, about(r));
  }
  return rows.empty() ? rows : "<table class=\"key\"><tbody>\n" + rows + "</tbody></table>\n";
}

std::string table_html(const PartResult& r, PageState& page) {
  if (r.table.empty()) return fmt::format("<p class=\"caption\"><strong>{}</strong>: no rows</p>\n", escape_html(r.label()));
  std::string head, body;
  for (const PartColumn& c : r.table) head += heading(c.name, c.unit, c.is_text ? "t" : "n");
  const std::size_t rows = std::max(r.table.front().text.size(), r.table.front().number.size()), shown = std::min(rows, rows_most);
  for (std::size_t i = 0; i < shown; ++i) {
    body += "<tr>";
    for (const PartColumn& c : r.table)
      body += c.is_text ? text_cell(c.text[i]) : number_cell(c.number[i], c.error.empty() ? std::nan("") : c.error[i]);
    body += "</tr>\n";
  }
  std::string out = fmt::format("<p class=\"caption\"><strong>{}</strong> {}{}</p>\n", escape_html(r.label()), escape_html(r.field.help),
                                shown < rows ? fmt::format(" (the first {} of {} rows; all are in result.json)", shown, rows) : "");
  return out + folded("<table class=\"data sortable\"><thead><tr>" + head + "</tr></thead><tbody>\n" + body + "</tbody></table>", shown, page);
}

std::string matrix_html(const Part& part, const PartResult& r) {
  const PartResult* labels = part.find(r.field.rows);
  const bool square = labels && labels->texts.size() == r.columns;
  std::string out = fmt::format("<p class=\"caption\"><strong>{}</strong> {}</p>\n", escape_html(with_unit(r.label(), r.field.unit)), escape_html(r.field.help));
  if (r.rows > 30 || r.columns > 30) return out + fmt::format("<p class=\"caption\">{} × {} numbers, in result.json.</p>\n", r.rows, r.columns);
  std::string head = "<th></th>";
  for (std::size_t j = 0; j < r.columns; ++j) head += "<th scope=\"col\" class=\"n\">" + escape_html(square ? label_at(labels, j) : label_at(nullptr, j)) + "</th>";
  std::string body;
  for (std::size_t i = 0; i < r.rows; ++i) {
    body += "<tr><th scope=\"row\">" + escape_html(label_at(labels, i)) + "</th>";
    for (std::size_t j = 0; j < r.columns; ++j) {
      const std::size_t k = i * r.columns + j;
      body += number_cell(r.values[k], r.errors.empty() ? std::nan("") : r.errors[k]);
    }
    body += "</tr>\n";
  }
  return out + "<div class=\"scroll\"><table class=\"data\"><thead><tr>" + head + "</tr></thead><tbody>\n" + body + "</tbody></table></div>\n";
}

std::string short_arrays(const Part& part, const std::vector<Figure>& drawn, PageState& page) {
  std::vector<PartResult> tables;  // one for each set of labels
  std::string out;
  for (const PartResult& r : part.results) {
    if (r.shape != Shape::array || r.field.per_atom || drawn_in(drawn, r) || is_abscissa(part, r) || r.field.name == "id") continue;
    const PartResult* labels = part.find(r.field.rows.empty() ? r.field.against : r.field.rows);
    if (!labels || labels->texts.size() != r.values.size()) {
      if (r.values.size() > rows_most) { out += fmt::format("<p class=\"caption\"><strong>{}</strong>: {} numbers, in result.json.</p>\n", escape_html(r.label()), r.values.size()); continue; }
      labels = nullptr;
    }
    const std::string key = labels ? labels->field.name : r.field.name;
    auto at = std::find_if(tables.begin(), tables.end(), [&](const PartResult& t) { return t.field.name == key; });
    if (at == tables.end()) {
      tables.emplace_back(), at = tables.end() - 1;
      at->field.name = key, at->shape = Shape::table;
      if (labels) at->table.push_back({key, "1", true, labels->texts, {}, {}});
    }
    if (labels) at->field.help += (at->field.help.empty() ? "" : "; ") + r.field.help;
    else at->field.help = r.field.help;
    at->table.push_back({r.field.name, r.field.unit, false, {}, r.values, r.errors});
  }
  for (const PartResult& t : tables) out += table_html(t, page);
  for (const PartResult& r : part.results)
    if (r.shape == Shape::texts && !labels_something(part, r) && !r.texts.empty())
      out += fmt::format("<p class=\"caption\"><strong>{}</strong> {}</p>\n<p>{}</p>\n", escape_html(r.label()), escape_html(r.field.help),
                         escape_html(fmt::format("{}", fmt::join(r.texts, ", "))));
  return out;
}

}  // namespace heteroglass::report
