#include "potential/potential.hpp"

#include <fmt/format.h>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "engine/potential.hpp"
#include "neighbor/neighbor_list.hpp"
#include "potential/eam.hpp"
#include "potential/kim_table.hpp"
#include "potential/lennard_jones.hpp"
#include "potential/through_lammps.hpp"

namespace heteroglass::potential {
namespace {

constexpr double overlap = 0.3;  ///< [angstrom, sigma] no bond and no collision brings atoms this close

/// @throws InputError naming the closest two atoms
void refuse_overlaps(const Frame& frame) {
  const neighbor::NeighborList close = neighbor::neighbor_list(frame, overlap, true);
  if (close.pairs() == 0) return;
  double least = overlap;
  std::size_t first = 0, second = 0;
  for (std::size_t i = 0; i < close.size(); ++i)
    for (const neighbor::Neighbor& n : close.of(i))
      if (norm(n.separation) < least) least = norm(n.separation), first = i, second = static_cast<std::size_t>(n.index);
  throw InputError(fmt::format("{}: atoms must not overlap, got atoms {} and {} at {:.3g} {} of each other ({} pairs under {} {})",
                               frame.source, frame.id[first], frame.id[second], least, unit_in(frame.units, "angstrom"), close.pairs(),
                               overlap, unit_in(frame.units, "angstrom")));
}

}  // namespace

std::shared_ptr<const Potential> load(const std::string& name, const Frame& frame, Context& context) {
  refuse_overlaps(frame);
  std::shared_ptr<const Potential> out;
  if (is_lennard_jones(name)) {
    out = lennard_jones(name);
  } else if (const auto table = name.starts_with("kim:") ? kim_table(name.substr(4)) : std::nullopt) {
    out = eam(parse_setfl(table->text, table->path, table->finnis_sinclair), name,
              engine::find_potential(name, {}).reference + ", its table");
  } else if (is_lammps(name)) {
    out = lammps(name, frame);  // which has tried it on the frame
    context.warn(out->caution());
    return out;
  } else {
    if (frame.units == UnitSystem::lj)
      throw InputError(fmt::format("potential: a frame in Lennard-Jones units needs a potential such as lj:kob-andersen, got '{}'", name));
    const engine::Potential found = engine::find_potential(name, {});
    out = eam(read_setfl(found.file, found.style == "eam/fs"), name, found.reference);
  }
  out->calculator(frame);  // complains about units and species
  return out;
}

std::vector<std::pair<std::string, std::string>> built_in() { return lennard_jones_models(); }

double pressure_unit(UnitSystem units) { return units == UnitSystem::lj ? 1 : constants::ev_per_cubic_angstrom_in_gpa; }

}  // namespace heteroglass::potential
