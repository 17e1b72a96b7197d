#include "landscape/saddles.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "glasses.hpp"
#include "io/atomic_file.hpp"
#include "lammps.hpp"
#include "landscape/region.hpp"
#include "landscape/relax.hpp"
#include "landscape/saddle_journal.hpp"
#include "landscape/saddle_tables.hpp"
#include "landscape/test_minima.hpp"

namespace heteroglass::landscape {
namespace {

namespace fs = std::filesystem;
const std::string folder_of_potentials = "/usr/share/lammps/potentials/";

/// fcc Lennard-Jones crystal with one vacancy at the origin.
Frame lj_vacancy(int cells) {
  Frame f = test::fcc_crystal(cells, 1.56);
  f.units = UnitSystem::lj;
  f.species = {{"A", 1}};
  f.id.erase(f.id.begin()), f.type.erase(f.type.begin()), f.position.erase(f.position.begin());
  return f;
}

/// A minimised two-species glass, poor but a glass.
Frame glass() {
  static const Frame made = [] {
    Frame f = test::disordered(5, 1.2, 1, 0.15);
    f.units = UnitSystem::lj;
    f.species = {{"A", 1}, {"B", 1}};
    const auto potential = potential::load("lj:kob-andersen", f);
    relax(*potential->calculator(f), f.box, f.position, {.force_tolerance = 1e-8});
    f.normalise();
    return f;
  }();
  return made;
}

double column(const Saddles& s, const std::string& name, std::size_t row) { return s.table.find(name)->number.at(row); }

/// Forces of a region with all else in place are those of the whole system, where the region is cut out and where it is not.
void expect_exact(const Frame& f, const std::string& name, double radius, bool cut_out) {
  const auto potential = potential::load(name, f);
  const Region made(*potential, f, f.position, f.position[7], radius);
  EXPECT_EQ(made.cut_out(), cut_out);
  Region region(*potential, f, f.position, f.position[7], radius);
  ASSERT_GT(region.size(), 3u);
  ASSERT_LT(region.size(), f.size());
  WholeField whole(*potential, f);
  Vectors all = f.position, x = region.start(), f_all(f.size()), f_region(x.size());
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> u(-0.15, 0.15);
  for (int round = 0; round < 3; ++round) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      x[k] += {u(random), u(random), u(random)};
      all[static_cast<std::size_t>(region.atoms()[k])] = x[k];
    }
    whole.forces(all, f_all), region.forces(x, f_region);
    for (std::size_t k = 0; k < x.size(); ++k)
      EXPECT_LT(norm(f_region[k] - f_all[static_cast<std::size_t>(region.atoms()[k])]), 1e-10 * (1 + longest(f_all)));
  }
}

TEST(Region, HasTheForcesOfTheWholeSystem) {
  expect_exact(glass(), "lj:kob-andersen", 1.6, true);
  expect_exact(glass(), "lj:kob-andersen", 2.6, false);
  if (!fs::exists(folder_of_potentials + "CuZr_mm.eam.fs")) GTEST_SKIP() << "no EAM file of LAMMPS here";
  const Frame metal = test::copper_zirconium(6);
  expect_exact(metal, "CuZr-Mendelev2007", 3.2, true);
  expect_exact(metal, "CuZr-Mendelev2007", 8, false);
}

/// All atoms, but one cannot move along `axis` relative to the mean of the others.
class Held final : public ForceField {
 public:
  Held(const potential::Potential& potential, const Frame& f, std::size_t atom, const Vec3& axis)
      : whole_(potential, f), constraint_(f.size()) {
    for (Vec3& v : constraint_) v = axis / (1 - static_cast<double>(f.size()));
    constraint_[atom] = axis;
    scale(constraint_, 1 / landscape::norm(constraint_));
  }
  std::size_t size() const override { return whole_.size(); }
  WholeField& whole() { return whole_; }

 protected:
  void evaluate(std::span<const Vec3> x, std::span<Vec3> f) override {
    Vectors all(f.size());
    whole_.forces(x, all);
    add(all, -landscape::dot(all, constraint_), constraint_);
    std::copy(all.begin(), all.end(), f.begin());
  }

 private:
  WholeField whole_;
  Vectors constraint_;
};

// A neighbour jumps into a vacancy. By symmetry the saddle has it half way, between two shells that relax: the energy follows by holding
// the atom there relative to the rest, without any search.
double jump_barrier(const Frame& f, const std::string& name, const Vec3& vacancy, std::size_t jumper) {
  const auto potential = potential::load(name, f);
  const Vec3 jump = f.box.minimum_image(vacancy - f.position[jumper]);
  Held field(*potential, f, jumper, jump / norm(jump));
  Vectors x = f.position, force(x.size());
  descend(field.whole(), x, 1e-6, 0.05, 50, 3000);
  const double start = field.whole().calculator().forces(f.box, x, force);
  x[jumper] = f.position[jumper] + 0.5 * jump;
  descend(field, x, 1e-6, 0.05, 50, 3000);
  const double half = field.whole().calculator().forces(f.box, x, force);
  EXPECT_LT(longest(force), 5e-3) << "the force that held the atom must vanish by symmetry";
  return half - start;
}

std::size_t nearest_to_origin(const Frame& f) {
  const auto distance = [&](std::size_t i) { return norm(f.box.minimum_image(f.position[i])); };
  std::size_t best = 0;
  for (std::size_t i = 1; i < f.size(); ++i)
    if (distance(i) < distance(best)) best = i;
  return best;
}

void expect_jump(const Frame& f, const std::string& name, double r_cut, double tolerance, double* found = nullptr) {
  std::size_t jumper = 0;
  for (std::size_t i = 0; i < f.size(); ++i)
    if (norm(f.box.minimum_image(f.position[i])) < norm(f.box.minimum_image(f.position[jumper]))) jumper = i;
  const double expected = jump_barrier(f, name, {0, 0, 0}, jumper);
  SaddlesOptions o;
  o.potential = name, o.searches = 16, o.centres = {static_cast<int>(f.id[jumper])}, o.r_cut = r_cut, o.keep = 1,
  o.force_tolerance = tolerance;
  const Saddles s = saddles(f, o);
  ASSERT_GT(s.table.rows(), 0u);
  EXPECT_EQ(column(s, "connected", 0), 1);
  EXPECT_NEAR(column(s, "barrier", 0), expected, 1e-3 * expected);
  EXPECT_NEAR(column(s, "energy_change", 0), 0, 1e-3 * expected);
  EXPECT_LT(column(s, "curvature", 0), 0);
  EXPECT_GT(column(s, "next_curvature", 0), 0);
  EXPECT_LE(column(s, "residual_force", 0), tolerance);
  EXPECT_GE(column(s, "atoms_involved", 0), 1);
  // the saddle that is handed on is a stationary point itself
  ASSERT_EQ(s.saddle.size(), 1u);
  std::vector<Vec3> force(f.size());
  potential::load(name, f)->calculator(s.saddle[0])->forces(s.saddle[0].box, s.saddle[0].position, force);
  for (const Vec3& v : force) EXPECT_LT(norm(v), 2 * tolerance);
  if (found) *found = column(s, "barrier", 0);
}

TEST(Saddles, AnAvalancheThatEndsElsewhereIsTheSameEvent) {
  Event a;
  a.barrier = 0.002, a.energy_change = -4.56;
  a.saddle.atom = {3}, a.saddle.by = {{0.137, 0, 0}};
  Event b = a;
  b.energy_change = -7.5, b.saddle.by[0].x += 0.01;
  EXPECT_TRUE(same_event(a, b, 0.1, 1e-3));
  b.saddle.by[0].x += 0.05;  // may be a saddle beside it
  EXPECT_FALSE(same_event(a, b, 0.1, 1e-3));
  b.energy_change = a.energy_change;
  EXPECT_TRUE(same_event(a, b, 0.1, 1e-3));
  b.barrier += 0.01;
  EXPECT_FALSE(same_event(a, b, 0.1, 1e-3));
}

TEST(Saddles, VacancyJumpInLennardJones) { expect_jump(lj_vacancy(4), "lj:one-component", 1.3, 1e-4); }

// Mishin et al., Phys. Rev. B 63, 224106 (2001), doi:10.1103/PhysRevB.63.224106, table V: migration energy of the vacancy 0.689 eV.
TEST(Saddles, VacancyJumpInCopper) {
  const std::string file = folder_of_potentials + "Cu_mishin1.eam.alloy";
  if (!fs::exists(file)) GTEST_SKIP() << "no EAM file of LAMMPS here";
  Frame f = test::fcc_crystal(5, 3.615);
  f.id.erase(f.id.begin()), f.type.erase(f.type.begin()), f.position.erase(f.position.begin());
  double barrier = 0;
  expect_jump(f, file, 3.1, 1e-3, &barrier);
  EXPECT_NEAR(barrier, 0.689, 0.02);
}

SaddlesOptions quick() {
  SaddlesOptions o;
  o.potential = "lj:kob-andersen", o.searches = 40, o.r_cut = 1.45, o.region_radius = 2.5, o.displacement = 0.15,
  o.same_displacement = 0.05, o.keep = 3;
  return o;
}

/// What must hold of every row: numbers everywhere, errors, one negative curvature told from zero.
void expect_sound(const Saddles& s) {
  ASSERT_GT(s.table.rows(), 0u) << "no connected event";
  for (const auto& c : s.table.columns)
    for (const double x : c.number) EXPECT_TRUE(std::isfinite(x)) << c.name;
  for (std::size_t r = 0; r < s.table.rows(); ++r) {
    EXPECT_GT(column(s, "barrier", r), 0);
    EXPECT_GT(column(s, "barrier_error", r), 0);
    EXPECT_LT(column(s, "curvature", r) + column(s, "curvature_error", r), 0);
    EXPECT_GT(column(s, "next_curvature", r), 0);
    if (column(s, "curvatures_converged", r) == 2) EXPECT_GT(column(s, "next_curvature", r) - column(s, "next_curvature_error", r), 0);
    EXPECT_EQ(column(s, "connected", r), 1);
  }
  for (std::size_t k = 0; k < s.spectrum.size(); ++k) {
    EXPECT_GE(s.spectrum[k] - s.spectrum_error[k], 0);
    EXPECT_EQ(s.spectrum_error[k] == 0, s.spectrum[k] == 0);
  }
}

TEST(Saddles, OfAGlass) {
  const Frame f = glass();
  const Saddles s = saddles(f, quick());
  EXPECT_EQ(s.searches, 40);
  EXPECT_LT(s.start_moved, 0.01);
  double sum = 0;
  for (const double n : s.outcomes.find("searches")->number) sum += n;
  EXPECT_EQ(sum, 40);
  expect_sound(s);
  ASSERT_FALSE(s.saddle.empty()) << "no connected event in 40 searches";
  // From the saddle handed on, going down on both sides gives the start and the final state.
  const auto potential = potential::load("lj:kob-andersen", f);
  WholeField field(*potential, f);
  const Frame &top = s.saddle[0], &end = s.final_state[0], &start = s.start[0];
  Vectors x = top.position, force(x.size());
  field.forces(x, force);
  EXPECT_LT(longest(force), 0.5);
  Vectors towards(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) towards[i] = f.box.minimum_image(start.position[i] - x[i]);
  const Mode mode = lowest_mode(field, x, force, towards, {.max_iterations = 40, .tolerance = 1e-6});
  EXPECT_LT(mode.curvature, 0);
  int starts = 0, ends = 0;
  for (const double sign : {-1.0, 1.0}) {
    Vectors y = x;
    add(y, 0.1 * sign, mode.direction);
    descend(field, y, 1e-5, 0.05, 100, 3000);
    double to_start = 0, to_end = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      to_start = std::max(to_start, norm(f.box.minimum_image(y[i] - start.position[i])));
      to_end = std::max(to_end, norm(f.box.minimum_image(y[i] - end.position[i])));
    }
    starts += to_start < 0.05, ends += to_end < 0.05;
  }
  EXPECT_EQ(starts, 1);
  EXPECT_EQ(ends, 1);
}

// 65:35 in the plane. The second curvature of the whole system, from all modes of the frame at the saddle, is an independent check.
TEST(Saddles, InTwoDimensions) {
  SaddlesOptions o;
  o.potential = "lj:kob-andersen-2d", o.searches = 40, o.same_displacement = 0.05, o.keep = 1;
  const Frame& f = test::lj_glass_2d();
  const Saddles s = saddles(f, o);
  expect_sound(s);
  EXPECT_EQ(s.table.find("activation_volume"), nullptr);
  ASSERT_FALSE(s.saddle.empty());
  const Frame& top = s.saddle[0];
  for (std::size_t i = 0; i < f.size(); ++i) EXPECT_EQ(top.position[i].z, s.start[0].position[i].z);
  const auto potential = potential::load(o.potential, f);
  WholeField field(*potential, f);
  Vectors force(f.size()), start(f.size());
  field.forces(top.position, force);
  EXPECT_LT(longest(force), 2 * o.force_tolerance);
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> u(-1, 1);
  for (Vec3& v : start) v = {u(random), u(random), 0};
  const ModeOptions exact{.max_iterations = 350, .residual = 1e-3};
  const Mode first = lowest_mode(field, top.position, force, start, exact);
  const std::vector<Vectors> known = {first.direction};
  const Mode second = lowest_mode(field, top.position, force, start, exact, known);
  EXPECT_NEAR(first.curvature, column(s, "curvature", 0), column(s, "curvature_error", 0) + 0.01);
  EXPECT_LT(first.curvature, 0);
  EXPECT_GT(second.curvature, 0);
  EXPECT_LE(second.curvature, column(s, "next_curvature", 0) + 1e-3);  // Ritz values come from above
}

// The barrier found with loose forces differs from that with tight ones by no more than its error says.
TEST(Saddles, ErrorOfTheBarrierCoversLooseForces) {
  const Frame f = lj_vacancy(4);
  const std::size_t jumper = nearest_to_origin(f);
  SaddlesOptions o;
  o.potential = "lj:one-component", o.searches = 6, o.centres = {static_cast<int>(f.id[jumper])}, o.r_cut = 1.3;
  o.force_tolerance = 1e-5;
  const Saddles tight = saddles(f, o);
  o.force_tolerance = 0.1;
  const Saddles loose = saddles(f, o);
  ASSERT_GT(tight.table.rows(), 0u);
  ASSERT_GT(loose.table.rows(), 0u);
  const double error = column(loose, "barrier_error", 0);
  EXPECT_LT(std::abs(column(loose, "barrier", 0) - column(tight, "barrier", 0)), error + column(tight, "barrier_error", 0));
  EXPECT_GT(error, 1e4 * column(tight, "barrier_error", 0));
}

class SaddlesThroughLammps : public test::WithLammps {};

// The jump of a vacancy in copper with forces from a LAMMPS process: the barrier is that of the native potential.
TEST_F(SaddlesThroughLammps, GivesTheBarrierOfTheNativePotential) {
  if (!fs::exists(folder_of_potentials + "Cu_mishin1.eam.alloy")) GTEST_SKIP() << "no EAM file of LAMMPS here";
  Frame f = test::fcc_crystal(3, 3.615);
  f.id.erase(f.id.begin()), f.type.erase(f.type.begin()), f.position.erase(f.position.begin());
  std::ofstream(folder / "pair.in") << "pair_style eam/alloy\npair_coeff * * " << folder_of_potentials
                                    << "Cu_mishin1.eam.alloy {species}\n";
  SaddlesOptions o;
  o.searches = 1, o.centres = {static_cast<int>(f.id[nearest_to_origin(f)])}, o.r_cut = 3.1;
  o.potential = folder_of_potentials + "Cu_mishin1.eam.alloy";
  const Saddles native = saddles(f, o);
  o.potential = "lammps:" + (folder / "pair.in").string();
  const Saddles through = saddles(f, o);
  expect_sound(native), expect_sound(through);
  ASSERT_GT(native.table.rows(), 0u);
  ASSERT_GT(through.table.rows(), 0u);
  EXPECT_NEAR(column(through, "barrier", 0), column(native, "barrier", 0), 1e-4);
  EXPECT_NEAR(column(through, "activation_volume", 0), column(native, "activation_volume", 0), 0.02);
}

TEST(Saddles, DoNotDependOnThreadsAndGoOnAfterAKill) {
  const Frame f = glass();
  SaddlesOptions o = quick();
  o.searches = 8;
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Saddles a = saddles(f, o);
  omp_set_num_threads(3);
  struct Folder : Context {
  } context;
  context.directory = fs::path(testing::TempDir()) / "heteroglass_saddles_test";
  fs::remove_all(context.directory);
  const Saddles b = saddles(f, o, context);
  // Killed in the middle of the fifth line: what is whole is kept, the rest done again.
  const fs::path journal = context.directory / "searches.txt";
  std::string text = io::read_file(journal);
  std::size_t at = 0;
  for (int line = 0; line < 5; ++line) at = text.find('\n', at) + 1;
  std::ofstream(journal) << text.substr(0, at + 20);
  const Saddles c = saddles(f, o, context);
  omp_set_num_threads(before);
  for (const Saddles* other : {&b, &c}) {
    ASSERT_EQ(a.table.rows(), other->table.rows());
    for (std::size_t k = 0; k < a.table.columns.size(); ++k)
      for (std::size_t r = 0; r < a.table.rows(); ++r) {
        const double x = a.table.columns[k].number[r], y = other->table.columns[k].number[r];
        EXPECT_TRUE(x == y || (std::isnan(x) && std::isnan(y))) << a.table.columns[k].name;
      }
  }
  fs::remove_all(context.directory);
}

TEST(Saddles, SaysWhatIsWrong) {
  SaddlesOptions o = quick();
  o.centres = {100000};
  EXPECT_THROW(saddles(glass(), o), InputError);
}

}  // namespace
}  // namespace heteroglass::landscape
