#include "run/hdf5.hpp"

#include "io/hdf5_store.hpp"
#include "run/options.hpp"
#include "version.hpp"

namespace heteroglass::run {
namespace {

using io::Hdf5Writer;

Hdf5Writer::Attributes described(const Field& f, UnitSystem system) {
  Hdf5Writer::Attributes a = {{"unit", unit_in(system, f.unit)}, {"help", f.help}};
  if (!f.no_error.empty()) a.emplace_back("error_note", f.no_error);
  if (!f.against.empty()) a.emplace_back("abscissa", f.against);
  if (!f.rows.empty()) a.emplace_back("rows", f.rows);
  return a;
}

void write_texts(Hdf5Writer& h, const std::string& path, const std::vector<std::string>& texts, const Hdf5Writer::Attributes& a) {
  h.write(path, std::span<const std::string>(texts), {texts.size()}, a);
}

void write_number(Hdf5Writer& h, const std::string& path, double value, const Hdf5Writer::Attributes& a) {
  h.write(path, std::span<const double>(&value, 1), {}, a);
}

void write_table(Hdf5Writer& h, const std::string& path, const Table& t, const Field& f, UnitSystem system) {
  h.group(path, {{"help", f.help}});
  for (const TableColumn& c : t.columns) {
    const Hdf5Writer::Attributes a = {{"unit", c.is_text ? "" : unit_in(system, c.unit)}, {"help", c.help}};
    if (c.is_text) {
      write_texts(h, path + "/" + c.name, c.text, a);
    } else {
      h.write(path + "/" + c.name, std::span<const double>(c.number), {c.number.size()}, a);
    }
  }
}

void write_result(Hdf5Writer& h, const Field& f, const void* result, UnitSystem system) {
  const std::string path = "results/" + f.name;
  Hdf5Writer::Attributes a = described(f, system);
  switch (f.kind) {
    case Kind::real:
      return write_number(h, path, f.get<double>(result), a);
    case Kind::optional_real:
      if (const auto& v = f.get<std::optional<double>>(result)) write_number(h, path, *v, a);
      return;
    case Kind::measured: {
      const Measured& m = f.get<Measured>(result);
      if (!m.note.empty()) a.emplace_back("error_note", m.note);
      write_number(h, path, m.value, a);
      return write_number(h, path + "_error", m.error, {{"unit", unit_in(system, f.unit)}, {"help", "standard uncertainty of " + f.name}});
    }
    case Kind::integer: {
      const std::int64_t v = f.get<int>(result);
      return h.write(path, std::span<const std::int64_t>(&v, 1), {}, a);
    }
    case Kind::flag: {
      const std::int64_t v = f.get<bool>(result);
      return h.write(path, std::span<const std::int64_t>(&v, 1), {}, a);
    }
    case Kind::text:
      return write_texts(h, path, {f.get<std::string>(result)}, a);
    case Kind::texts:
      return write_texts(h, path, f.get<std::vector<std::string>>(result), a);
    case Kind::reals: {
      const auto& v = f.get<std::vector<double>>(result);
      return h.write(path, std::span<const double>(v), {v.size()}, a);
    }
    case Kind::integers: {
      const auto& v = f.get<std::vector<int>>(result);
      const std::vector<std::int64_t> wide(v.begin(), v.end());
      return h.write(path, std::span<const std::int64_t>(wide), {wide.size()}, a);
    }
    case Kind::matrix: {
      const Matrix& m = f.get<Matrix>(result);
      return h.write(path, std::span<const double>(m.values), {m.rows, m.columns}, a);
    }
    case Kind::table:
      return write_table(h, path, f.get<Table>(result), f, system);
    case Kind::optional_integer:
    case Kind::named_reals:
    case Kind::frames:
      return;  // configurations stand beside as extended XYZ
  }
}

}  // namespace

void write_hdf5(const std::filesystem::path& path, const Outcome& out) {
  Hdf5Writer h(path.string());
  h.attribute("/", "analysis", out.analysis->path());
  h.attribute("/", "version", version);
  h.attribute("/", "command", out.command);
  h.attribute("/", "units", std::string(name(out.units)));
  h.group("results");
  h.group("options");
  bool per_atom = false;
  for (const Field& f : *out.analysis->results) per_atom = per_atom || f.per_atom;
  if (per_atom && !out.atoms.empty()) {
    const auto& id = out.atoms.front().id;
    h.write("results/id", std::span<const std::int64_t>(id), {id.size()},
            {{"unit", "1"}, {"help", "atom ids, the order of per-atom arrays"}});
  }
  for (const Field& f : *out.analysis->results) write_result(h, f, out.result.get(), out.units);
  for (const Field& f : *out.analysis->options)
    write_texts(h, "options/" + f.name, {option_text(f, out.options.get(), out.units)}, {{"help", f.help}});
  write_texts(h, "warnings", out.warnings, {});
  h.commit();
}

}  // namespace heteroglass::run
