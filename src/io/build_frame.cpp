#include "io/build_frame.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/elements.hpp"
#include "core/error.hpp"
#include "io/number.hpp"

namespace heteroglass::io {
namespace {

UnitSystem resolved_units(const FrameParts& parts, const ReadOptions& options) {
  if (parts.units == UnitSystem::unknown) return options.units == UnitSystem::unknown ? UnitSystem::metal : options.units;
  if (options.units != UnitSystem::unknown && options.units != parts.units)
    throw InputError(fmt::format("--units: must agree with {} ({}), got {}", parts.place.path, name(parts.units), name(options.units)));
  return parts.units;
}

/// Atoms beside a boundary that follows them stretch the box by the rounding of the file; others are an error.
void check_inside(FrameParts& parts) {
  if (parts.box.fully_periodic()) return;
  Vec3 low, high{1, 1, 1};
  for (std::size_t row = 0; row < parts.rows.size(); ++row) {
    const Vec3 s = parts.box.fractional(parts.rows.coordinate[row]);
    for (std::size_t k = 0; k < 3; ++k) {
      if (parts.box.periodic(k) || (s[k] >= -1e-9 && s[k] <= 1 + 1e-9)) continue;
      if (!parts.shrinks[k])
        throw FormatError(
            parts.place.path, parts.place.line(row),
            fmt::format("atoms must lie inside the non-periodic boundary along {}, got {} (box {} to {})", "xyz"[k],
                        parts.rows.coordinate[row][k], parts.box.origin()[k], parts.box.origin()[k] + parts.box.edges()[k][k]));
      low[k] = std::min(low[k], s[k]);
      high[k] = std::max(high[k], s[k]);
    }
  }
  if (low == Vec3{} && high == Vec3{1, 1, 1}) return;
  const Mat3& h = parts.box.edges();
  const Vec3 size = high - low;
  parts.box = Box(Mat3::columns(size.x * h.column(0), size.y * h.column(1), size.z * h.column(2)), parts.box.cartesian(low),
                  parts.box.periodicity());
}

/// Far outside, images could not be counted; a box so thin or a coordinate so large is damage.
void check_extent(const FrameParts& parts) {
  const Vec3& h = parts.box.heights();
  const double limit = 1e6 * std::min({h.x, h.y, h.z});
  const Vec3& o = parts.box.origin();
  double most = 0;
  for (const Vec3& r : parts.rows.coordinate) most = std::max({most, std::abs(r.x - o.x), std::abs(r.y - o.y), std::abs(r.z - o.z)});
  if (most < limit) return;
  for (std::size_t row = 0; row < parts.rows.size(); ++row) {
    const Vec3& r = parts.rows.coordinate[row];
    if (!(std::max({std::abs(r.x - o.x), std::abs(r.y - o.y), std::abs(r.z - o.z)}) < limit))
      throw FormatError(parts.place.path, parts.place.line(row),
                        fmt::format("atoms must lie within a million box lengths, got ({}, {}, {}) and a box of heights {}, {}, {}", r.x,
                                    r.y, r.z, h.x, h.y, h.z));
  }
}

void name_species(Species& s, const std::string& name, bool physical) {
  s.name = name;
  const Element* e = physical ? find_element(name) : nullptr;
  if (e && s.mass == 0 && e->mass > 0) s.mass = e->mass;
}

/// Names that --elements gives, against what the file says.
void apply_elements(std::vector<Species>& species, const FrameParts& parts, const ReadOptions& options, bool physical) {
  const std::vector<std::string>& given = options.elements;
  if (given.size() < species.size())
    throw InputError(fmt::format("--elements: must name all {} types of {}, got {}", species.size(), parts.place.path, given.size()));
  // LAMMPS writes C for every type when a dump was not told the elements.
  const bool unset = species.size() > 1 && std::all_of(species.begin(), species.end(), [](const Species& s) { return s.name == "C"; });
  species.resize(given.size());
  for (std::size_t t = 0; t < given.size(); ++t) {
    Species& s = species[t];
    if (!s.name.empty() && !unset && s.name != given[t] && !(s.mass > 0))
      throw InputError(fmt::format("--elements: must agree with {} (type {} is {}), got {}", parts.place.path, t + 1, s.name, given[t]));
    if (physical) {
      const Element& e = element(given[t], "--elements");
      if (s.mass > 0 && mass_contradicts(e, s.mass))
        throw InputError(fmt::format("--elements: must agree with the masses in {} (type {} has {} g/mol), got {} ({} g/mol)",
                                     parts.place.path, t + 1, s.mass, given[t], e.mass));
    }
    name_species(s, given[t], physical);
  }
}

/// Types from the names of the atoms: in the order of --elements or of the file's table, else alphabetical.
void types_from_names(FrameParts& parts, const ReadOptions& options) {
  std::map<std::string, int> number;
  std::vector<std::string> order = options.elements;
  if (order.empty())
    for (const Species& s : parts.species) order.push_back(s.name);
  const bool fixed = !order.empty();
  for (std::size_t i = 0; i < order.size(); ++i) number[order[i]] = static_cast<int>(i) + 1;
  std::map<std::uint64_t, int> known;
  for (std::uint64_t packed : parts.rows.name) known.emplace(packed, 0);
  for (auto& [packed, type] : known) {
    const std::string text = unpack_name(packed);
    if (fixed && !number.contains(text))
      throw InputError(fmt::format("--elements: must name every species of {}, got none for '{}'", parts.place.path, text));
    number.emplace(text, 0);
  }
  if (number.size() > most_types)
    throw FormatError(parts.place.path, 0, fmt::format("a file must have at most {} species, got {}", most_types, number.size()));
  if (!fixed) {
    int next = 0;
    for (auto& [text, type] : number) type = ++next;
  }
  for (auto& [packed, type] : known) type = number.at(unpack_name(packed));
  const std::vector<Species> told = std::exchange(parts.species, std::vector<Species>(number.size()));
  for (const auto& [text, type] : number) {
    Species& s = parts.species[static_cast<std::size_t>(type) - 1];
    s.name = text;
    for (const Species& t : told)
      if (t.name == text) s.mass = t.mass;
  }
  parts.rows.type.resize(parts.rows.size());
  std::uint64_t last = ~std::uint64_t{0};
  int last_type = 0;
  for (std::size_t i = 0; i < parts.rows.size(); ++i) {
    if (parts.rows.name[i] != last) last = parts.rows.name[i], last_type = known.at(last);
    parts.rows.type[i] = last_type;
  }
}

/// Names that are numbers are types: XYZ files of codes without elements.
void types_from_numbers(AtomRows& rows) {
  std::map<std::uint64_t, int> known;
  for (std::uint64_t packed : rows.name) known.emplace(packed, 0);
  for (auto& [packed, type] : known) {
    const std::string text = unpack_name(packed);
    if (!is_integer(std::string_view(text), type) || type < 1 || type > most_types) return;
  }
  rows.type.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows.type[i] = known.at(rows.name[i]);
  rows.name.clear();
}

/// A name and a mass for each type, from the atoms' own columns.
void species_from_rows(FrameParts& parts) {
  const AtomRows& rows = parts.rows;
  const auto most = static_cast<std::size_t>(*std::max_element(rows.type.begin(), rows.type.end()));
  if (!parts.species.empty() && most > parts.species.size()) {
    const auto row =
        std::find_if(rows.type.begin(), rows.type.end(), [&](int t) { return static_cast<std::size_t>(t) > parts.species.size(); });
    throw FormatError(parts.place.path, parts.place.line(static_cast<std::size_t>(row - rows.type.begin())),
                      fmt::format("atom types must be 1 to {}, got {}", parts.species.size(), *row));
  }
  parts.species.resize(std::max(most, parts.species.size()));
  std::vector<std::uint64_t> seen(parts.species.size(), 0);
  for (std::size_t i = 0; i < rows.name.size(); ++i) {
    std::uint64_t& s = seen[static_cast<std::size_t>(rows.type[i]) - 1];
    if (s == 0) s = rows.name[i];
    if (s != rows.name[i])
      throw FormatError(parts.place.path, parts.place.line(i),
                        fmt::format("atoms of type {} must all be {}, got {}", rows.type[i], unpack_name(s), unpack_name(rows.name[i])));
  }
  for (std::size_t t = 0; t < seen.size(); ++t)
    if (seen[t] != 0) parts.species[t].name = unpack_name(seen[t]);
  for (Species& s : parts.species)
    if (s.name == "X") s.name.clear();  // ASE's and our word for an atom of no known element
  for (std::size_t i = 0; i < rows.mass.size(); ++i) {
    Species& s = parts.species[static_cast<std::size_t>(rows.type[i]) - 1];
    if (s.mass == 0) s.mass = rows.mass[i];
  }
}

void resolve_species(FrameParts& parts, const ReadOptions& options, bool physical) {
  AtomRows& rows = parts.rows;
  if (rows.type.empty() && !rows.name.empty()) types_from_numbers(rows);
  if (rows.type.empty() && !rows.name.empty()) types_from_names(parts, options);
  if (rows.type.empty()) rows.type.assign(rows.size(), 1);
  species_from_rows(parts);
  if (!options.elements.empty()) return apply_elements(parts.species, parts, options, physical);
  for (Species& s : parts.species) {
    if (!physical) continue;
    const bool reduced = parts.units == UnitSystem::unknown && s.mass == 1;
    if (s.name.empty() && s.mass > 0 && !reduced)
      if (const Element* e = element_of_mass(s.mass)) s.name = e->symbol;
    if (!s.name.empty()) name_species(s, s.name, physical);
  }
}

}  // namespace

Frame build_frame(FrameParts&& parts, const ReadOptions& options) {
  AtomRows& rows = parts.rows;
  if (rows.size() == 0) throw FormatError(parts.place.path, parts.place.first_line(), "a frame must hold at least one atom, got 0");
  const UnitSystem units = resolved_units(parts, options);
  if (parts.scaled)
    for (Vec3& r : rows.coordinate) r = parts.box.cartesian(r);
  check_extent(parts);
  check_inside(parts);
  resolve_species(parts, options, units != UnitSystem::lj);
  sort_rows(rows, parts.place);

  Frame f;
  f.box = parts.box;
  f.timestep = parts.timestep;
  f.units = units == UnitSystem::lj ? UnitSystem::lj : UnitSystem::metal;
  const double fs = units == UnitSystem::real ? 1e-3 : 1;  // real units count femtoseconds
  if (parts.time) f.time = *parts.time * fs;
  if (!f.time && options.timestep) f.time = static_cast<double>(parts.timestep) * *options.timestep;
  f.species = std::move(parts.species);
  f.position = std::move(rows.coordinate);
  f.id = std::move(rows.id);
  if (f.id.empty()) {
    f.id.resize(f.size());
    for (std::size_t i = 0; i < f.size(); ++i) f.id[i] = static_cast<std::int64_t>(i) + 1;
  }
  f.type = std::move(rows.type);
  for (int& t : f.type) --t;
  if (parts.unwrapped) {
    f.image.assign(f.size(), {0, 0, 0});
  } else {
    f.image = std::move(rows.image);
  }
  f.velocity = std::move(rows.velocity);
  if (fs != 1)
    for (Vec3& v : f.velocity) v = v / fs;
  f.properties = std::move(rows.properties);
  f.source = std::move(parts.source);
  f.normalise();
  return f;
}

UnitSystem units_at(const std::string& path, std::size_t line, std::string_view name) {
  try {
    return unit_system(name);
  } catch (const InputError&) {
    throw FormatError(path, line, fmt::format("units must be metal, real or lj, got '{}'", name));
  }
}

}  // namespace heteroglass::io
