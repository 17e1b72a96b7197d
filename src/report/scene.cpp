#include "report/scene.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

#include "core/elements.hpp"
#include "core/error.hpp"
#include "io/configuration.hpp"
#include "io/extended_xyz.hpp"
#include "report/escape.hpp"
#include "report/number.hpp"

namespace heteroglass::report {
namespace {

static_assert(std::endian::native == std::endian::little, "the page reads little-endian numbers");

constexpr std::size_t most_atoms = 20000, most_plain = 8;
constexpr double same_place = 1e-3;

bool same_cell(const Box& a, const Box& b) {
  const double scale = std::cbrt(a.volume());
  for (std::size_t i = 0; i < 3; ++i)
    if (norm(a.edge(i) - b.edge(i)) > 1e-5 * scale) return false;
  return true;
}

/// The same atoms, compared before any are left out: `ids` of the scene are a subset of the frame's.
bool same_configuration(const Scene& s, const Frame& f) {
  if (s.atoms != f.size() || !same_cell(s.frame.box, f.box)) return false;
  std::size_t j = 0;
  for (std::size_t i = 0; i < s.frame.size(); ++i) {
    while (j < f.size() && f.id[j] < s.frame.id[i]) ++j;
    if (j == f.size() || f.id[j] != s.frame.id[i]) return false;
    if (norm(f.box.minimum_image(f.position[j] - s.frame.position[i])) > same_place) return false;
  }
  return true;
}

/// Indices of the atoms in a slab across the longest height, centred, that holds at most `most_atoms`.
std::vector<std::size_t> slab(const Frame& f, std::string& note) {
  std::vector<std::size_t> kept(f.size());
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  if (f.size() <= most_atoms) return kept;
  const Vec3& h = f.box.heights();
  const std::size_t axis = h.x >= h.y && h.x >= h.z ? 0 : h.y >= h.z ? 1 : 2;
  std::vector<double> distance;
  for (const Vec3& r : f.position) distance.push_back(std::abs(f.box.fractional(r)[axis] - 0.5));
  std::vector<double> sorted = distance;
  std::nth_element(sorted.begin(), sorted.begin() + most_atoms, sorted.end());
  const double half = sorted[most_atoms];
  std::erase_if(kept, [&](std::size_t i) { return distance[i] >= half; });
  note = fmt::format("{} of {} atoms are shown: a slab {} {} thick across cell vector {}", human(static_cast<double>(kept.size())),
                     human(static_cast<double>(f.size())), human(2 * half * h[axis], 3), pretty_unit(unit_in(f.units, "angstrom")),
                     "abc"[axis]);
  return kept;
}

Scene new_scene(const std::string& label, const Frame& f) {
  Scene s;
  s.label = label, s.atoms = f.size();
  s.frame.box = f.box, s.frame.species = f.species, s.frame.units = f.units, s.frame.timestep = f.timestep, s.frame.time = f.time;
  for (const std::size_t i : slab(f, s.note))
    s.frame.id.push_back(f.id[i]), s.frame.type.push_back(f.type[i]), s.frame.position.push_back(f.position[i]);
  return s;
}

std::vector<std::size_t> rows_of(const Scene& s, const Frame& f) {
  std::vector<std::size_t> rows;
  std::size_t j = 0;
  for (const std::int64_t id : s.frame.id) {
    while (f.id[j] < id) ++j;
    rows.push_back(j);
  }
  return rows;
}

/// Names of the components of a per-atom result: the values of the result that labels them ("l"), the list that ends its help
/// text ("strain xx, yy, zz"), else numbers.
std::vector<std::string> component_names(const Part& part, const PartResult* r, std::size_t components) {
  std::vector<std::string> names;
  const PartResult* labels = r ? part.find(r->field.rows) : nullptr;
  if (labels) {
    names = labels->texts;
    for (const double v : labels->values) names.push_back(human(v));
  } else if (r) {
    std::string word;
    for (const char c : r->field.help + ",") {
      if (c == ',')
        names.push_back(std::exchange(word, {}));
      else if (c == ' ')
        word.clear();
      else
        word += c;
    }
  }
  const bool fits =
      names.size() == components && std::all_of(names.begin(), names.end(), [](const std::string& n) { return n.size() < 6; });
  if (fits) return names;
  names.clear();
  for (std::size_t k = 1; k <= components; ++k) names.push_back(std::to_string(k));
  return names;
}

/// What is shown of a result with several components: a vector's length, up to six others each, no more.
std::vector<SceneProperty> shown_of(const SceneProperty& base, const AtomProperty& p, const std::vector<std::string>& names,
                                    const std::vector<std::size_t>& rows) {
  std::vector<SceneProperty> out;
  if (p.components == 3) {
    out.push_back(base);
    out[0].name += ", length";
    for (const std::size_t i : rows) out[0].values.push_back(std::hypot(p.values[3 * i], p.values[3 * i + 1], p.values[3 * i + 2]));
  } else if (p.components <= 6) {
    for (std::size_t k = 0; k < p.components; ++k) {
      out.push_back(base);
      if (p.components > 1) out.back().name += ' ', out.back().name += names[k];
      for (const std::size_t i : rows) out.back().values.push_back(p.values[i * p.components + k]);
    }
  }
  return out;
}

bool varies(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [&](double v) { return v != values.front(); });
}

void add_property(const std::string& title, const Part& part, const AtomProperty& p, const std::vector<std::size_t>& rows, Scene& s) {
  const auto known = std::find_if(part.results.begin(), part.results.end(), [&](const PartResult& r) {
    return r.field.per_atom && (r.field.column == p.name || io::extended_xyz_name(r.field.column) == p.name);
  });
  const PartResult* result = known == part.results.end() ? nullptr : &*known;
  const SceneProperty base{
      result ? result->field.column : p.name, result ? result->field.unit : p.unit, result ? result->field.help : "", title, {}};
  for (SceneProperty& out : shown_of(base, p, component_names(part, result, p.components), rows)) {
    const bool there = std::any_of(s.properties.begin(), s.properties.end(),
                                   [&](const SceneProperty& q) { return q.name == out.name && q.values == out.values; });
    if (!there && varies(out.values)) s.properties.push_back(std::move(out));
  }
}

void add_file(const std::string& title, const Part& part, const std::filesystem::path& file, const std::string& selection,
              std::vector<Scene>& scenes, std::vector<std::string>& warnings) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return;
  try {
    io::ReadOptions options;
    options.units = part.units.empty() ? UnitSystem::metal : unit_system(part.units);
    add_scene(title, part, io::read_frame(file.string() + selection, options), scenes);
  } catch (const Error& e) {
    warnings.push_back(fmt::format("the atoms cannot be shown: {}", e.what()));
  }
}

std::string packed(const std::vector<double>& values) {
  std::vector<float> out;
  for (const double v : values) out.push_back(static_cast<float>(v));
  return base64(out.data(), out.size() * sizeof(float));
}

struct Extent {
  Vec3 low, span;
};

Extent extent(const Frame& f) {
  constexpr double far = std::numeric_limits<double>::infinity();
  Vec3 low{far, far, far}, high{-far, -far, -far};
  for (const Vec3& r : f.position)
    for (std::size_t k = 0; k < 3; ++k) low[k] = std::min(low[k], r[k]), high[k] = std::max(high[k], r[k]);
  Extent e{low, high - low};
  for (std::size_t k = 0; k < 3; ++k) e.span[k] = std::max(e.span[k], 1e-9);
  return e;
}

std::string packed_positions(const Frame& f, const Extent& e) {
  std::vector<std::uint16_t> out;
  for (const Vec3& r : f.position)
    for (std::size_t k = 0; k < 3; ++k) out.push_back(static_cast<std::uint16_t>(std::lround((r[k] - e.low[k]) / e.span[k] * 65535)));
  return base64(out.data(), out.size() * sizeof(std::uint16_t));
}

std::string packed_ids(const Frame& f) {
  std::vector<std::int32_t> out;
  for (const std::int64_t id : f.id) out.push_back(static_cast<std::int32_t>(id));
  return base64(out.data(), out.size() * sizeof(std::int32_t));
}

std::string packed_types(const Frame& f) {
  std::vector<std::uint8_t> out;
  for (const int t : f.type) out.push_back(static_cast<std::uint8_t>(t));
  return base64(out.data(), out.size());
}

std::string list(const Vec3& v) { return fmt::format("[{},{},{}]", json_number(v.x, 8), json_number(v.y, 8), json_number(v.z, 8)); }

}  // namespace

std::string base64(const void* bytes, std::size_t size) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto* b = static_cast<const unsigned char*>(bytes);
  std::string out;
  out.reserve((size + 2) / 3 * 4);
  for (std::size_t i = 0; i < size; i += 3) {
    const unsigned v = (unsigned{b[i]} << 16) | (i + 1 < size ? unsigned{b[i + 1]} << 8 : 0u) | (i + 2 < size ? unsigned{b[i + 2]} : 0u);
    out += letters[v >> 18], out += letters[(v >> 12) & 63];
    out += i + 1 < size ? letters[(v >> 6) & 63] : '=', out += i + 2 < size ? letters[v & 63] : '=';
  }
  return out;
}

void add_scene(const std::string& title, const Part& part, const Frame& frame, std::vector<Scene>& scenes) {
  if (frame.size() == 0) return;
  auto at = std::find_if(scenes.begin(), scenes.end(), [&](const Scene& s) { return same_configuration(s, frame); });
  if (at == scenes.end()) {
    scenes.push_back(new_scene(title, frame)), at = scenes.end() - 1;
  }
  const std::vector<std::size_t> rows = rows_of(*at, frame);
  for (const AtomProperty& p : frame.properties) add_property(title, part, p, rows, *at);
}

void add_scenes(const std::string& title, const Part& part, const std::filesystem::path& directory, std::vector<Scene>& scenes,
                std::vector<std::string>& warnings) {
  if (directory.empty()) return;
  for (const PartResult& r : part.results) {
    if (r.frames.empty()) continue;
    std::set<std::size_t> shown{r.frames.size() - 1};  // the last, and of a few also the first
    if (r.frames.size() > 1) shown.insert(0);
    for (const std::size_t i : shown) {
      const std::string number = r.frames.size() > 1 ? fmt::format(" {}", r.frames[i].index) : "";
      add_file(fmt::format("{}: {}{}", title, r.label(), number), part, directory / r.frames[i].file, fmt::format("@{}", r.frames[i].index),
               scenes, warnings);
    }
  }
  add_file(title, part, directory / "atoms.extxyz", "@-1", scenes, warnings);
}

void drop_plain_scenes(std::vector<Scene>& scenes) {
  std::size_t plain = 0;
  std::erase_if(scenes, [&](const Scene& s) { return s.properties.empty() && ++plain > most_plain; });
}

std::string scene_json(const Scene& s) {
  const Frame& f = s.frame;
  const Extent e = extent(f);
  std::string species, radii, properties;
  for (std::size_t i = 0; i < f.species.size(); ++i) {
    const Element* known = find_element(f.species[i].name);
    if (i) species += ',', radii += ',';
    species += json_string(f.species_name(i));
    radii += json_number(known ? known->metallic_radius : std::nan(""));
  }
  for (const SceneProperty& p : s.properties) {
    if (!properties.empty()) properties += ",\n";
    properties += fmt::format(R"({{"name":{},"unit":{},"help":{},"source":{},"data":"{}"}})", json_string(p.name),
                              json_string(pretty_unit(p.unit)), json_string(p.help), json_string(p.source), packed(p.values));
  }
  return fmt::format(
             R"({{"label":{},"note":{},"atoms":{},"shown":{},"unit":{},"origin":{},"cell":[{},{},{}],"low":{},"span":{},"species":[{}],"radius":[{}],)",
             json_string(s.label), json_string(s.note), s.atoms, f.size(), json_string(pretty_unit(unit_in(f.units, "angstrom"))),
             list(f.box.origin()), list(f.box.edge(0)), list(f.box.edge(1)), list(f.box.edge(2)), list(e.low), list(e.span), species,
             radii) +
         fmt::format(R"("type":"{}","id":"{}","position":"{}",)", packed_types(f), packed_ids(f), packed_positions(f, e)) +
         "\n\"properties\":[" + properties + "]}";
}

}  // namespace heteroglass::report
