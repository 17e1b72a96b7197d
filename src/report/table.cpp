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
  if (!r.note.empty())
    parts.push_back("<em>" + escape_html(r.note) + "</em>");
  else if (r.shape == Shape::number && !r.field.no_error.empty())
    parts.push_back("<em>exact: " + escape_html(r.field.no_error) + "</em>");
  return fmt::format("{}", fmt::join(parts, ". "));
}

std::string named_values(const PartResult& r) {
  std::string out;
  for (std::size_t i = 0; i < r.values.size(); ++i)
    out += fmt::format("{}{} {}", i ? ", " : "", escape_html(r.texts[i]), escape_html(human(r.values[i])));
  return out + unit_html(r.field.unit);
}

/// The texts that label an array: named by its field, else the species when there are as many.
const PartResult* labels_of(const Part& part, const PartResult& r) {
  for (const std::string& name : {r.field.rows, r.field.against, std::string("species")}) {
    const PartResult* labels = part.find(name);
    if (labels && labels->shape == Shape::texts && labels->texts.size() == r.values.size()) return labels;
  }
  return nullptr;
}

/// A few numbers without labels or errors, written in a row.
bool is_short_list(const Part& part, const PartResult& r) {
  const bool abscissa = std::any_of(part.results.begin(), part.results.end(), [&](const PartResult& other) {
    return other.field.against == r.field.name || other.field.rows == r.field.name;
  });
  return r.shape == Shape::array && !r.field.per_atom && r.field.against.empty() && r.errors.empty() && !r.values.empty() &&
         r.values.size() <= 20 && !abscissa && !labels_of(part, r);
}

bool is_statement(const PartResult& r) { return r.shape == Shape::text && r.text.size() > 120; }

std::string listed(const PartResult& r) {
  std::vector<std::string> numbers;
  for (const double v : r.values) numbers.push_back(human(v));
  return fmt::format("{}", fmt::join(numbers, ", "));
}

std::string value_html(const Part& part, const PartResult& r) {
  if (r.shape == Shape::number)
    return "<span class=\"num\">" + escape_html(with_error(r.number, r.error)) + unit_html(r.field.unit) + "</span>";
  if (is_short_list(part, r)) return escape_html(listed(r)) + unit_html(r.field.unit);
  if (is_statement(r) || (r.shape == Shape::text && r.text.empty())) return {};
  if (r.shape == Shape::flag) return r.flag ? "yes" : "no";
  if (r.shape == Shape::text) return escape_html(plus_minus(r.text));
  if (r.shape == Shape::named) return named_values(r);
  if (r.shape == Shape::nothing) return "–";
  return {};
}

/// Arrays that one result of texts labels, or a single array without labels.
struct Group {
  const PartResult* labels;
  std::vector<const PartResult*> results;
};

bool labels_something(const Part& part, const std::vector<Group>& groups, const PartResult& r) {
  return std::any_of(groups.begin(), groups.end(), [&](const Group& g) { return g.labels == &r; }) ||
         std::any_of(part.results.begin(), part.results.end(),
                     [&](const PartResult& other) { return other.field.rows == r.field.name || other.field.against == r.field.name; });
}

std::string label_at(const PartResult* labels, std::size_t i) {
  return labels && i < labels->texts.size() ? labels->texts[i] : std::to_string(i + 1);
}

bool drawn_in(const std::vector<Figure>& figures, const PartResult& r) {
  return std::any_of(figures.begin(), figures.end(),
                     [&](const Figure& f) { return std::find(f.results.begin(), f.results.end(), r.field.name) != f.results.end(); });
}

bool is_abscissa(const Part& part, const PartResult& r) {
  return std::any_of(part.results.begin(), part.results.end(), [&](const PartResult& other) {
    return other.field.against == r.field.name || (other.field.plot == Plot::map && other.field.rows == r.field.name);
  });
}

std::string folded(std::string table, std::size_t rows, PageState& page) {
  if (rows <= rows_open) return "<div class=\"scroll\">" + table + "</div>\n";
  const std::string id = fmt::format("more-{}", ++page.tables);
  return fmt::format(
      "<div class=\"fold\"><input type=\"checkbox\" id=\"{0}\"><div class=\"scroll\">{1}</div><label for=\"{0}\"><span>show all {2} "
      "rows</span>"
      "<span>show fewer rows</span></label></div>\n",
      id, table, rows);
}

/// One row for each quantity, one column for each label, and what the quantity is.
std::string group_across(const Group& g) {
  std::string head = "<th></th>", body;
  for (const std::string& label : g.labels->texts) head += "<th scope=\"col\" class=\"n\">" + escape_html(label) + "</th>";
  for (const PartResult* r : g.results) {
    body += fmt::format("<tr><th scope=\"row\">{}{}</th>", escape_html(r->label()),
                        pretty_unit(r->field.unit).empty()
                            ? ""
                            : fmt::format(" <span class=\"unit\">({})</span>", escape_html(pretty_unit(r->field.unit))));
    for (std::size_t i = 0; i < r->values.size(); ++i) body += number_cell(r->values[i], r->errors.empty() ? std::nan("") : r->errors[i]);
    body += "<td class=\"about\">" + about(*r) + "</td></tr>\n";
  }
  return "<div class=\"scroll\"><table class=\"data across\"><thead><tr>" + head + "<th></th></tr></thead><tbody>\n" + body +
         "</tbody></table></div>\n";
}

std::string group_down(const Group& g, PageState& page) {
  PartResult t;
  t.shape = Shape::table, t.field.name = g.labels ? g.labels->field.name : g.results.front()->field.name;
  if (g.labels) t.table.push_back({t.field.name, "1", true, g.labels->texts, {}, {}});
  for (const PartResult* r : g.results) {
    if (!r->field.help.empty()) t.field.help += (t.field.help.empty() ? "" : "; ") + r->field.help;
    t.table.push_back({r->field.name, r->field.unit, false, {}, r->values, r->errors});
  }
  return table_html(t, page);
}

}  // namespace

std::string key_numbers(const Part& part) {
  std::string rows;
  for (const PartResult& r : part.results) {
    const std::string value = value_html(part, r);
    if (value.empty()) continue;
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"value\">{}</td><td class=\"about\">{}</td></tr>\n",
                        escape_html(r.label()), value, about(r));
  }
  std::string out;
  for (const PartResult& r : part.results)
    if (is_statement(r))
      out += fmt::format("<p class=\"statement\"><strong>{}</strong> {}</p>\n", escape_html(r.label()), escape_html(plus_minus(r.text)));
  return rows.empty() ? out : out + "<table class=\"key\"><tbody>\n" + rows + "</tbody></table>\n";
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
  return out +
         folded("<table class=\"data sortable\"><thead><tr>" + head + "</tr></thead><tbody>\n" + body + "</tbody></table>", shown, page);
}

std::string matrix_html(const Part& part, const PartResult& r) {
  const PartResult* labels = part.find(r.field.rows);
  const bool square = labels && labels->texts.size() == r.columns;
  std::string out = fmt::format("<p class=\"caption\"><strong>{}</strong> {}</p>\n", escape_html(with_unit(r.label(), r.field.unit)),
                                escape_html(r.field.help));
  if (r.rows > 30 || r.columns > 30)
    return out + fmt::format("<p class=\"caption\">{} × {} numbers, in result.json.</p>\n", r.rows, r.columns);
  std::string head = "<th></th>";
  for (std::size_t j = 0; j < r.columns; ++j)
    head += "<th scope=\"col\" class=\"n\">" + escape_html(square ? label_at(labels, j) : label_at(nullptr, j)) + "</th>";
  std::string body;
  for (std::size_t i = 0; i < r.rows; ++i) {
    body += "<tr><th scope=\"row\">" + escape_html(label_at(labels, i)) + "</th>";
    for (std::size_t j = 0; j < r.columns; ++j) {
      const std::size_t k = i * r.columns + j;
      body += number_cell(r.values[k], r.errors.empty() ? std::nan("") : r.errors[k]);
    }
    body += "</tr>\n";
  }
  return out + "<div class=\"scroll\"><table class=\"data\"><thead><tr>" + head + "</tr></thead><tbody>\n" + body +
         "</tbody></table></div>\n";
}

std::string short_arrays(const Part& part, const std::vector<Figure>& drawn, PageState& page) {
  std::vector<Group> groups;
  std::string out;
  for (const PartResult& r : part.results) {
    if (r.shape != Shape::array || r.values.empty() || r.field.per_atom || drawn_in(drawn, r) || is_abscissa(part, r) ||
        r.field.name == "id" || is_short_list(part, r))
      continue;
    const PartResult* labels = labels_of(part, r);
    if (!labels && r.values.size() > 30) {
      out += fmt::format("<p class=\"caption\"><strong>{}</strong>: {} numbers, in result.json.</p>\n", escape_html(r.label()),
                         r.values.size());
      continue;
    }
    auto at = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return labels && g.labels == labels; });
    if (at == groups.end()) groups.push_back({labels, {}}), at = groups.end() - 1;
    at->results.push_back(&r);
  }
  for (const Group& g : groups) out += g.labels && g.labels->texts.size() <= 6 ? group_across(g) : group_down(g, page);
  for (const PartResult& r : part.results)
    if (r.shape == Shape::texts && !labels_something(part, groups, r) && !r.texts.empty())
      out += fmt::format("<p class=\"caption\"><strong>{}</strong> {}</p>\n<p>{}</p>\n", escape_html(r.label()), escape_html(r.field.help),
                         escape_html(fmt::format("{}", fmt::join(r.texts, ", "))));
  return out;
}

}  // namespace heteroglass::report
