// What `landscape local_yield` is asked and gives: the two tables of fields.
#include "landscape/local_yield.hpp"

namespace heteroglass::landscape {

const Fields& LocalYieldOptions::fields() {
  using O = LocalYieldOptions;
  static const Fields table = {
      field<&O::potential>("potential", "", "file, alias or name of the interatomic potential"),
      field<&O::centres>("centres", "", "all, a number of atoms taken at random, or ids with commas (17, for one)"),
      field<&O::radius_multiple>("radius_multiple", "1", "radius of the region in distances of the first peak of g(r)").positive(),
      field<&O::radius>("radius", "angstrom", "radius of the region, instead of the multiple").positive(),
      field<&O::orientations>("orientations", "1", "directions of shear; 18 in two dimensions and 12 in three when not given")
          .range(1, 10000),
      field<&O::dilatation>("dilatation", "", "test in dilatation too"),
      field<&O::plane>("plane", "", "load that increments are projected on: simple shear of this plane").one_of({"xy", "xz", "yz"}),
      field<&O::sensitivity>("sensitivity", "1", "further multiples of the first peak to repeat the test at"),
      field<&O::sensitivity_centres>("sensitivity_centres", "1", "number of centres they are tested on").range(0, 1e9),
      field<&O::strain_step>("strain_step", "1", "strain of a step").range(1e-9, 0.1),
      field<&O::max_strain>("max_strain", "1", "strain at which to give up").range(1e-9, 2),
      field<&O::strain_tolerance>("strain_tolerance", "1", "interval to which the drop is located").range(1e-12, 0.1),
      field<&O::force_tolerance>("force_tolerance", "eV/angstrom", "largest force on an atom in a minimum").positive(),
      field<&O::force_limit>("force_limit", "eV/angstrom", "largest force of a frame that counts as a minimum").positive(),
      field<&O::least_drop>("least_drop", "eV", "heat of a step from which it counts as a drop").positive(),
      field<&O::kick>("kick", "angstrom", "random displacement before each relaxation, for perfect crystals").non_negative(),
      field<&O::seed>("seed", "1", "of the choice of centres").range(0, 2e9),
  };
  return table;
}

const Fields& LocalYieldMap::fields() {
  using R = LocalYieldMap;
  const std::string located = "located to strain_tolerance";
  static const Fields table = {
      field<&R::first_peak>("first_peak", "angstrom", "distance of the first peak of g(r); NaN when the radius was given")
          .exact("see structure/pdf"),
      field<&R::radius>("radius", "angstrom", "of the regions").exact("chosen"),
      field<&R::atoms_inside>("atoms_inside", "1", "atoms that relax, mean").exact("counted"),
      field<&R::atoms_simulated>("atoms_simulated", "1", "with the frozen ones that they feel, mean").exact("counted"),
      field<&R::centres_tested>("centres_tested", "1", "number of centres").exact("counted"),
      field<&R::mean_yield_increment_shear>("mean_yield_increment_shear", "GPa", "mean over the centres, weakest shear of each"),
      field<&R::mean_yield_increment_tension>("mean_yield_increment_tension", "GPa", "mean over the centres, dilatation"),
      field<&R::shear_tension_correlation>("shear_tension_correlation", "1",
                                           "Spearman correlation of the two maps: are they the same sites?"),
      field<&R::residual_force>("residual_force", "eV/angstrom", "largest force on an atom of the configuration given").exact("a fact"),
      field<&R::force_evaluations>("force_evaluations", "1", "evaluations of forces on regions").exact("counted"),
      field<&R::not_yielded>("not_yielded", "1", "fraction of tests that reached max_strain").exact("counted"),
      field<&R::orientations>("orientations", "", "directions of shear and mean increments along them"),
      field<&R::centres>("centres", "", "the tested atoms").exact(located),
      field<&R::sensitivity>("sensitivity", "", "other radii on the same centres"),
      field<&R::yield_increment_shear>("yield_increment_shear", "GPa", "rise of the local stress up to yield along the weakest shear")
          .atoms("Local Yield Increment Shear")
          .exact(located),
      field<&R::yield_stress_shear>("yield_stress_shear", "GPa", "local stress at yield along it")
          .atoms("Local Yield Stress Shear")
          .exact(located),
      field<&R::yield_strain_shear>("yield_strain_shear", "1", "strain at yield along it").atoms("Local Yield Strain Shear").exact(located),
      field<&R::yield_increment_projected>(
          "yield_increment_projected", "GPa",
          "least increment of a load in simple shear of `plane`, of shears that it drives by a fifth or more")
          .atoms("Local Yield Increment Projected")
          .exact(located),
      field<&R::yield_increment_tension>("yield_increment_tension", "GPa", "rise of the mean normal stress up to yield in dilatation")
          .atoms("Local Yield Increment Tension")
          .exact(located),
      field<&R::yield_stress_tension>("yield_stress_tension", "GPa", "mean normal stress at yield in dilatation")
          .atoms("Local Yield Stress Tension")
          .exact(located),
      field<&R::yield_strain_tension>("yield_strain_tension", "1", "volume strain at yield in dilatation")
          .atoms("Local Yield Strain Tension")
          .exact(located),
      field<&R::weakest_direction>("weakest_direction", "1", "s of the weakest shear").atoms("Weakest Shear Direction").exact("of a set"),
      field<&R::weakest_normal>("weakest_normal", "1", "normal of its plane").atoms("Weakest Shear Normal").exact("of a set"),
      field<&R::potential_reference>("potential_reference", "", "who made the potential").exact("text"),
  };
  return table;
}

}  // namespace heteroglass::landscape
