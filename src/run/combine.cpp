#include "run/combine.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>

namespace heteroglass::run {
namespace {

struct Moments {
  std::vector<double> mean, sd;
};

/// Column-wise mean and sample standard deviation of equally long rows.
Moments moments(const std::vector<const std::vector<double>*>& rows) {
  const std::size_t n = rows.size(), width = rows.front()->size();
  Moments m{std::vector<double>(width, 0), std::vector<double>(width, 0)};
  for (std::size_t j = 0; j < width; ++j) {
    const double origin = (*rows.front())[j];
    double sum = 0, squares = 0;
    for (const auto* row : rows) sum += (*row)[j] - origin;
    const double shift = sum / double(n);
    for (const auto* row : rows) squares += std::pow((*row)[j] - origin - shift, 2);
    m.mean[j] = origin + shift;
    m.sd[j] = n > 1 ? std::sqrt(squares / double(n - 1)) : 0;
  }
  return m;
}

/// Standard error of a mean from the scatter of the values and from their own errors, whichever is larger. NaN errors: none.
double error_of_mean(double sd, const std::vector<double>& errors, std::size_t n) {
  double squares = 0;
  for (double e : errors)
    if (std::isfinite(e)) squares += e * e;
  return std::max(sd / std::sqrt(double(n)), std::sqrt(squares) / double(n));
}

Moments moments_of_numbers(const std::vector<double>& values) {
  std::vector<std::vector<double>> single;
  for (double v : values) single.push_back({v});
  std::vector<const std::vector<double>*> rows;
  for (const auto& s : single) rows.push_back(&s);
  return moments(rows);
}

std::string row_key(const Table& t, std::size_t row) {
  std::string key;
  for (const TableColumn& c : t.columns)
    if (c.is_text) key += c.text[row] + "\x1f";
  return key;
}

Table mean_table(const std::vector<const Table*>& tables) {
  const Table& model = *tables.back();
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::vector<double>>> cells;  // key -> column -> one value a frame
  std::map<std::string, std::vector<std::string>> texts;
  for (std::size_t f = 0; f < tables.size(); ++f) {
    const Table& t = *tables[f];
    if (t.columns.size() != model.columns.size()) continue;
    for (std::size_t r = 0; r < t.rows(); ++r) {
      const std::string k = row_key(t, r);
      auto [at, fresh] = cells.try_emplace(k, t.columns.size(), std::vector<double>(tables.size(), 0));
      if (fresh) order.push_back(k);
      for (std::size_t c = 0; c < t.columns.size(); ++c) {
        if (!t.columns[c].is_text) at->second[c][f] = t.columns[c].number[r];
        if (fresh) texts[k].push_back(t.columns[c].is_text ? t.columns[c].text[r] : "");
      }
    }
  }
  Table result = model;
  for (TableColumn& c : result.columns) c.text.clear(), c.number.clear();
  for (const std::string& k : order)
    for (std::size_t c = 0; c < result.columns.size(); ++c) {
      TableColumn& column = result.columns[c];
      if (column.is_text) {
        column.text.push_back(texts[k][c]);
        continue;
      }
      std::size_t source = c;  // an error column takes the spread of the column that it belongs to
      if (column.name.ends_with("_error"))
        for (std::size_t o = 0; o < result.columns.size(); ++o)
          if (result.columns[o].name + "_error" == column.name) source = o;
      const Moments m = moments_of_numbers(cells[k][source]);
      column.number.push_back(source == c ? m.mean[0] : error_of_mean(m.sd[0], cells[k][c], tables.size()));
    }
  return result;
}

bool key_columns_identify(const std::vector<const Table*>& tables) {
  for (const Table* t : tables) {
    std::map<std::string, int> seen;
    for (std::size_t r = 0; r < t->rows(); ++r)
      if (++seen[row_key(*t, r)] > 1) return false;
  }
  return true;
}

template <class T> std::vector<const T*> members(const Field& f, const std::vector<std::shared_ptr<void>>& results) {
  std::vector<const T*> all;
  for (const auto& r : results) all.push_back(&f.get<T>(static_cast<const void*>(r.get())));
  return all;
}

template <class T> std::vector<double> numbers(const Field& f, const std::vector<std::shared_ptr<void>>& results) {
  std::vector<double> all;
  for (const T* v : members<T>(f, results)) all.push_back(double(*v));
  return all;
}

}  // namespace

void combine(Outcome& outcome, const std::vector<std::shared_ptr<void>>& results, Context& context) {
  outcome.result = results.back();
  outcome.frames = results.size();
  if (results.size() < 2) return;
  void* target = outcome.result.get();
  const Fields& fields = *outcome.analysis->results;
  const std::string note = fmt::format("of the mean over {} frames: scatter of the frames or their own errors, the larger", results.size());
  if (results.size() == 2) context.warn("two frames: their spread is hardly known; errors are at least those of the frames themselves");

  std::map<std::string, std::vector<double>> deviations;
  const auto average = [&](const Field& f, const std::vector<const std::vector<double>*>& rows) -> std::optional<Moments> {
    for (const auto* row : rows)
      if (row->size() != rows.front()->size()) {
        context.warn(fmt::format("{}: its size changes from frame to frame; the last frame's values are given", f.name));
        return {};
      }
    Moments m = moments(rows);
    deviations[f.name] = m.sd;
    outcome.spread[f.name] = {m.mean.empty() ? 0 : m.mean[0], m.sd};
    return m;
  };

  for (const Field& f : fields)
    if (f.per_atom) {
      context.warn(fmt::format("per-atom results are those of the last of the {} frames; everything else is their mean", results.size()));
      break;
    }
  // Tables and matrices are read from all results before the last one is overwritten with the mean.
  for (const Field& f : fields) {
    if (f.per_atom || !f.error_of.empty()) continue;
    switch (f.kind) {
      case Kind::real: {
        const Moments m = moments_of_numbers(numbers<double>(f, results));
        outcome.spread[f.name] = {m.mean[0], m.sd};
        f.get<double>(target) = m.mean[0];
        break;
      }
      case Kind::integer: {
        const Moments m = moments_of_numbers(numbers<int>(f, results));
        outcome.spread[f.name] = {m.mean[0], m.sd};
        break;
      }
      case Kind::measured: {
        std::vector<double> values, errors;
        for (const Measured* v : members<Measured>(f, results)) values.push_back(v->value), errors.push_back(v->error);
        const Moments m = moments_of_numbers(values);
        outcome.spread[f.name] = {m.mean[0], m.sd};
        f.get<Measured>(target) = {m.mean[0], error_of_mean(m.sd[0], errors, values.size()), note};
        break;
      }
      case Kind::reals:
        if (auto m = average(f, members<std::vector<double>>(f, results))) f.get<std::vector<double>>(target) = std::move(m->mean);
        break;
      case Kind::matrix: {
        std::vector<const std::vector<double>*> rows;
        for (const Matrix* v : members<Matrix>(f, results)) rows.push_back(&v->values);
        if (auto m = average(f, rows)) f.get<Matrix>(target).values = std::move(m->mean);
        break;
      }
      case Kind::table: {
        const auto tables = members<Table>(f, results);
        if (key_columns_identify(tables)) {
          f.get<Table>(target) = mean_table(tables);
        } else {
          context.warn(fmt::format("{}: its rows have no key; the last frame's table is given", f.name));
        }
        break;
      }
      default:
        break;
    }
  }
  for (const Field& f : fields) {
    const auto sd = deviations.find(f.error_of);
    if (f.error_of.empty() || sd == deviations.end() || (f.kind != Kind::reals && f.kind != Kind::matrix)) continue;
    std::vector<const std::vector<double>*> own;
    for (const auto& r : results)
      own.push_back(f.kind == Kind::matrix ? &f.get<Matrix>(static_cast<const void*>(r.get())).values
                                           : &f.get<std::vector<double>>(static_cast<const void*>(r.get())));
    std::vector<double> errors(sd->second.size());
    for (std::size_t i = 0; i < errors.size(); ++i) {
      std::vector<double> each;
      for (const auto* e : own) each.push_back(i < e->size() ? (*e)[i] : std::nan(""));
      errors[i] = error_of_mean(sd->second[i], each, results.size());
    }
    (f.kind == Kind::matrix ? f.get<Matrix>(target).values : f.get<std::vector<double>>(target)) = std::move(errors);
  }
}

}  // namespace heteroglass::run
