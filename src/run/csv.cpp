#include "run/csv.hpp"

#include <fmt/format.h>

#include <cmath>

namespace heteroglass::run {
namespace {

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string q = "\"";
  for (char c : text) q += c == '"' ? std::string("\"\"") : std::string(1, c);
  return q + "\"";
}

std::string cell(double v) { return std::isfinite(v) ? fmt::format("{}", v) : std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf"; }

TableColumn numeric(std::string name, std::string unit, std::vector<double> values) {
  return {std::move(name), std::move(unit), {}, false, {}, std::move(values)};
}

const Field* field_named(const Fields& fields, const std::string& name) {
  for (const Field& f : fields)
    if (f.name == name) return &f;
  return nullptr;
}

/// Columns of one array result: itself, or one for each row of a matrix.
void append(std::vector<TableColumn>& columns, const Fields& fields, const Field& f, const void* result, const std::string& unit) {
  if (f.kind == Kind::reals) columns.push_back(numeric(f.name, unit, f.get<std::vector<double>>(result)));
  if (f.kind == Kind::integers) {
    const auto& v = f.get<std::vector<int>>(result);
    columns.push_back(numeric(f.name, unit, {v.begin(), v.end()}));
  }
  if (f.kind != Kind::matrix) return;
  const Matrix& m = f.get<Matrix>(result);
  const Field* labels = field_named(fields, f.rows);
  for (std::size_t i = 0; i < m.rows; ++i) {
    std::string label = fmt::format("{}", i + 1);
    if (labels && labels->kind == Kind::texts && i < labels->get<std::vector<std::string>>(result).size())
      label = labels->get<std::vector<std::string>>(result)[i];
    columns.push_back(numeric(f.name + "_" + label, unit,
                              {m.values.begin() + std::ptrdiff_t(i * m.columns), m.values.begin() + std::ptrdiff_t((i + 1) * m.columns)}));
  }
}

/// Data minus model, for a model drawn with data over the same abscissa.
void append_residual(std::vector<TableColumn>& columns, const Fields& fields, const Field& f, const void* result, const std::string& unit) {
  const Field* data = f.drawn_with.empty() ? nullptr : field_named(fields, f.drawn_with);
  if (!data || data->kind != Kind::reals || f.kind != Kind::reals || data->against != f.against || data->unit != f.unit) return;
  const auto &model = f.get<std::vector<double>>(result), &measured = data->get<std::vector<double>>(result);
  if (model.size() != measured.size()) return;
  std::vector<double> residual(model.size());
  for (std::size_t i = 0; i < model.size(); ++i) residual[i] = measured[i] - model[i];
  columns.push_back(numeric(f.name + "_residual", unit, std::move(residual)));
}

/// A map as a table of its pixels.
std::vector<TableColumn> map_columns(const Fields& fields, const Field& f, const Outcome& out) {
  const void* result = out.result.get();
  const Matrix& m = f.get<Matrix>(result);
  const Field *x = field_named(fields, f.against), *y = field_named(fields, f.rows);
  if (m.rows == 0 || !x || !y) return {};
  const auto &across = x->get<std::vector<double>>(result), &down = y->get<std::vector<double>>(result);
  if (across.size() != m.columns || down.size() != m.rows) return {};
  std::vector<TableColumn> columns = {numeric(x->name, unit_in(out.units, x->unit), {}), numeric(y->name, unit_in(out.units, y->unit), {}),
                                      numeric(f.name, unit_in(out.units, f.unit), m.values)};
  for (std::size_t k = 0; k < m.values.size(); ++k)
    columns[0].number.push_back(across[k % m.columns]), columns[1].number.push_back(down[k / m.columns]);
  for (const Field& e : fields)
    if (e.error_of == f.name && e.kind == Kind::matrix && e.get<Matrix>(result).values.size() == m.values.size())
      columns.push_back(numeric(e.name, unit_in(out.units, e.unit), e.get<Matrix>(result).values));
  return columns;
}

}  // namespace

std::string csv_text(const std::vector<TableColumn>& columns) {
  std::size_t rows = 0;
  for (const TableColumn& c : columns) rows = std::max(rows, c.is_text ? c.text.size() : c.number.size());
  std::string text;
  const auto line = [&](auto entry) {
    for (std::size_t i = 0; i < columns.size(); ++i) text += (i ? "," : "") + entry(columns[i]);
    text += "\n";
  };
  line([](const TableColumn& c) { return cell(c.name); });
  // "-" for a pure number: a row of ones would look like data
  line([](const TableColumn& c) { return c.is_text ? std::string() : c.unit == "1" ? "-" : cell(c.unit); });
  for (std::size_t r = 0; r < rows; ++r)
    line([r](const TableColumn& c) {
      if (c.is_text) return r < c.text.size() ? cell(c.text[r]) : std::string();
      return r < c.number.size() ? cell(c.number[r]) : std::string();
    });
  return text;
}

std::map<std::string, std::string> csv_files(const Outcome& out) {
  std::map<std::string, std::string> files;
  const Fields& fields = *out.analysis->results;
  const void* result = out.result.get();
  std::map<std::string, std::vector<TableColumn>> curves;
  for (const Field& f : fields) {
    if (f.kind == Kind::table) {
      std::vector<TableColumn> columns = f.get<Table>(result).columns;
      for (TableColumn& c : columns)
        if (!c.is_text) c.unit = unit_in(out.units, c.unit);
      if (!columns.empty()) files[f.name + ".csv"] = csv_text(columns);
    }
    if (f.plot == Plot::map) {
      const std::vector<TableColumn> columns = map_columns(fields, f, out);
      if (!columns.empty()) files[f.name + ".csv"] = csv_text(columns);
      continue;
    }
    if (f.per_atom || f.against.empty()) continue;
    const Field* abscissa = field_named(fields, f.against);
    if (!abscissa) continue;
    auto& columns = curves[f.against];
    if (columns.empty()) append(columns, fields, *abscissa, result, unit_in(out.units, abscissa->unit));
    append(columns, fields, f, result, unit_in(out.units, f.unit));
    for (const Field& e : fields)
      if (e.error_of == f.name && e.against.empty()) {
        Field labelled = e;
        labelled.rows = f.rows;
        append(columns, fields, labelled, result, unit_in(out.units, e.unit));
      }
    append_residual(columns, fields, f, result, unit_in(out.units, f.unit));
  }
  for (const auto& [abscissa, columns] : curves)
    if (!columns.empty() && !(columns.front().is_text ? columns.front().text.empty() : columns.front().number.empty()))
      files["curves_" + abscissa + ".csv"] = csv_text(columns);
  return files;
}

}  // namespace heteroglass::run
