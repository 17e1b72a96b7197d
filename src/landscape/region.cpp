#include "landscape/region.hpp"

#include <algorithm>
#include <cmath>

namespace heteroglass::landscape {
namespace {

/// Free motions of all atoms: translations, and rotations where nothing repeats. In two dimensions only those in the plane.
std::vector<Vectors> free_motions(const Vectors& position, const Box& box, bool flat) {
  const bool open = !box.periodic(0) && !box.periodic(1) && (flat || !box.periodic(2));
  std::vector<Vectors> all = rigid_motions(position, open);
  if (flat)
    std::erase_if(all,
                  [](const Vectors& v) { return std::any_of(v.begin(), v.end(), [](const Vec3& a) { return std::abs(a.z) > 1e-9; }); });
  return all;
}

double smallest_period(const Box& box, bool flat) {
  double least = HUGE_VAL;
  for (std::size_t k = 0; k < (flat ? 2 : 3); ++k)
    if (box.periodic(k)) least = std::min(least, box.heights()[k]);
  return least;
}

/// Of the cell to its neighbours and itself, itself first.
std::vector<Vec3> translations(const Box& box, bool flat) {
  std::vector<Vec3> all = {{}};
  for (std::size_t k = 0; k < (flat ? 2 : 3); ++k) {
    if (!box.periodic(k)) continue;
    const std::size_t before = all.size();
    for (const double sign : {-1.0, 1.0})
      for (std::size_t j = 0; j < before; ++j) all.push_back(all[j] + sign * box.edge(k));
  }
  return all;
}

/// Room for atoms to leave the sphere before they feel the end of the shell.
double margin(const Frame& f, bool flat) { return 0.5 * spacing(f, flat); }

Frame part(const Frame& frame, const std::vector<std::int32_t>& keep, const Vectors& at) {
  Frame sub;
  sub.units = frame.units, sub.species = frame.species, sub.source = frame.source;
  for (const std::int32_t i : keep) {
    sub.id.push_back(static_cast<std::int64_t>(sub.id.size()) + 1);  // images share their atom's
    sub.type.push_back(frame.type[static_cast<std::size_t>(i)]);
  }
  for (const AtomProperty& p : frame.properties) {
    AtomProperty own{p.name, p.unit, p.components, {}};
    for (const std::int32_t i : keep)
      for (std::size_t k = 0; k < p.components; ++k) own.values.push_back(p.values[static_cast<std::size_t>(i) * p.components + k]);
    sub.properties.push_back(std::move(own));
  }
  sub.position = at;
  Vec3 low = at.front(), high = at.front();
  for (const Vec3& r : at)
    for (std::size_t k = 0; k < 3; ++k) low[k] = std::min(low[k], r[k]), high[k] = std::max(high[k], r[k]);
  const Vec3 room{1, 1, 1};
  sub.box = Box::orthogonal(high - low + 2 * room, low - room, {false, false, false});
  return sub;
}

}  // namespace

double spacing(const Frame& f, bool flat) {
  const double n = static_cast<double>(f.size());
  return flat ? std::sqrt(norm(cross(f.box.edge(0), f.box.edge(1))) / n) : std::cbrt(f.box.volume() / n);
}

WholeField::WholeField(const potential::Potential& potential, const Frame& frame)
    : box_(frame.box), calculator_(potential.calculator(frame)), flat_(potential.dimension() == 2) {}

void WholeField::evaluate(std::span<const Vec3> position, std::span<Vec3> force) { energy_ = calculator_->forces(box_, position, force); }

std::vector<Vectors> WholeField::rigid_motions(const Vectors& position) const { return free_motions(position, box_, flat_); }

Region::Region(const potential::Potential& potential, const Frame& frame, const Vectors& position, const Vec3& centre, double radius)
    : box_(frame.box), flat_(potential.dimension() == 2) {
  const double slack = margin(frame, flat_), shell = radius + potential.range() + slack;
  cut_out_ = radius + slack + shell < smallest_period(frame.box, flat_);
  std::vector<std::int32_t> kept;
  std::vector<char> moves;
  const std::vector<Vec3> images = cut_out_ ? translations(frame.box, flat_) : std::vector<Vec3>{{}};
  for (std::size_t i = 0; i < position.size(); ++i) {
    Vec3 nearest = frame.box.minimum_image(position[i] - centre);
    if (flat_) nearest.z = 0;
    const bool active = norm(nearest) <= radius;
    if (active) {
      atoms_.push_back(static_cast<std::int32_t>(i)), slot_.push_back(static_cast<std::int32_t>(all_.size()));
      distance_.push_back(norm(nearest)), start_.push_back(position[i]);
      shift_.push_back(cut_out_ ? centre + nearest - position[i] : Vec3{});
    }
    for (const Vec3& image : images) {
      if (cut_out_ && norm(nearest + image) > shell) continue;
      kept.push_back(static_cast<std::int32_t>(i)), moves.push_back(active);
      all_.push_back(cut_out_ ? centre + nearest + image : position[i]);
    }
  }
  open_ = atoms_.size() == position.size();
  if (cut_out_) {
    const Frame sub = part(frame, kept, all_);
    box_ = sub.box;
    calculator_ = potential.calculator(sub);
  } else {
    calculator_ = potential.calculator(frame);
  }
  if (!open_) calculator_->select(moves);
  force_.resize(all_.size());
}

void Region::evaluate(std::span<const Vec3> position, std::span<Vec3> force) {
  for (std::size_t k = 0; k < atoms_.size(); ++k) all_[static_cast<std::size_t>(slot_[k])] = position[k] + shift_[k];
  calculator_->forces(box_, all_, force_);
  for (std::size_t k = 0; k < atoms_.size(); ++k) force[k] = force_[static_cast<std::size_t>(slot_[k])];
}

std::vector<Vectors> Region::rigid_motions(const Vectors& position) const {
  return open_ ? free_motions(position, box_, flat_) : std::vector<Vectors>{};
}

}  // namespace heteroglass::landscape
