#include "core/frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/error.hpp"

namespace heteroglass {
namespace {

template <class T> void reorder(std::vector<T>& values, const std::vector<std::size_t>& order, std::size_t components = 1) {
  if (values.empty()) return;
  std::vector<T> sorted;
  sorted.reserve(values.size());
  for (std::size_t i : order)
    for (std::size_t k = 0; k < components; ++k) sorted.push_back(values[i * components + k]);
  values.swap(sorted);
}

void check_sizes(const Frame& f) {
  const std::size_t n = f.size();
  const auto check = [&](std::size_t got, const std::string& what) {
    if (got != n) throw FormatError(f.source, 0, fmt::format("{} must have one entry per atom ({}), got {}", what, n, got));
  };
  check(f.id.size(), "ids");
  check(f.type.size(), "types");
  if (!f.image.empty()) check(f.image.size(), "image flags");
  if (!f.velocity.empty()) check(f.velocity.size(), "velocities");
  for (const AtomProperty& p : f.properties) check(p.values.size() / std::max<std::size_t>(p.components, 1), p.name);
}

}  // namespace

const AtomProperty* Frame::property(const std::string& name) const {
  for (const AtomProperty& p : properties)
    if (p.name == name) return &p;
  return nullptr;
}

std::vector<std::size_t> Frame::species_counts() const {
  std::vector<std::size_t> counts(species.size(), 0);
  for (int t : type) ++counts[static_cast<std::size_t>(t)];
  return counts;
}

std::string Frame::species_name(std::size_t s) const { return species[s].name.empty() ? fmt::format("type {}", s + 1) : species[s].name; }

Vec3 Frame::unwrapped(std::size_t i) const {
  if (image.empty()) return position[i];
  const auto& n = image[i];
  return position[i] + box.edges() * Vec3{double(n[0]), double(n[1]), double(n[2])};
}

void Frame::normalise() {
  check_sizes(*this);
  const std::size_t n = size();
  if (n == 0) throw FormatError(source, 0, "a frame must hold at least one atom, got 0");
  if (!std::is_sorted(id.begin(), id.end())) {
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return id[a] < id[b]; });
    reorder(id, order);
    reorder(type, order);
    reorder(position, order);
    reorder(image, order);
    reorder(velocity, order);
    for (AtomProperty& p : properties) reorder(p.values, order, p.components);
  }
  if (const auto twice = std::adjacent_find(id.begin(), id.end()); twice != id.end())
    throw FormatError(source, 0, fmt::format("atom ids must be unique, got {} twice", *twice));
  for (std::size_t i = 0; i < n; ++i) {
    Vec3& r = position[i];
    if (!std::isfinite(r.x) || !std::isfinite(r.y) || !std::isfinite(r.z))
      throw FormatError(source, 0, fmt::format("coordinates must be finite, got ({}, {}, {}) for atom {}", r.x, r.y, r.z, id[i]));
    if (type[i] < 0 || static_cast<std::size_t>(type[i]) >= species.size())
      throw FormatError(source, 0, fmt::format("atom types must be 1 to {}, got {} for atom {}", species.size(), type[i] + 1, id[i]));
    if (!box.fully_periodic()) {
      const Vec3 s = box.fractional(r);
      for (std::size_t k = 0; k < 3; ++k)
        if (!box.periodic(k) && (s[k] < -1e-9 || s[k] > 1 + 1e-9))
          throw FormatError(source, 0,
                            fmt::format("atoms must lie inside the non-periodic boundary along {}, got atom {} at {} ({} box lengths)",
                                        "xyz"[k], id[i], r[k], s[k]));
    }
    if (image.empty()) {
      r = box.wrap(r);
    } else {
      r = box.wrap(r, image[i]);
    }
  }
}

void Frame::require_species_names() const {
  for (std::size_t s = 0; s < species.size(); ++s)
    if (species[s].name.empty())
      throw InputError(
          fmt::format("{}: every species needs an element symbol, got none for type {}; name them in order of type, e.g. --elements Cu,Zr",
                      source, s + 1));
}

}  // namespace heteroglass
