#include "structure/reverse_monte_carlo.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <filesystem>
#include <random>

#include "core/error.hpp"
#include "potential/potential.hpp"
#include "program.hpp"
#include "structure/pdf.hpp"
#include "structure/rmc_walk.hpp"
#include "structure/structure_factor.hpp"

namespace heteroglass::structure {
namespace {

/// A disordered binary packing with a strong first shell: fcc with thermal displacements, species at random.
Frame packing(double spread, int cells = 5) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal(0, spread);
  Frame f;
  const double a = 4.2;
  f.box = Box::orthogonal({a * cells, a * cells, a * cells});
  f.species = {{"Cu", 63.546}, {"Zr", 91.224}};
  f.units = UnitSystem::metal, f.source = "packing";
  const Vec3 basis[] = {{0, 0, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}};
  for (int x = 0; x < cells; ++x)
    for (int y = 0; y < cells; ++y)
      for (int z = 0; z < cells; ++z)
        for (const Vec3& b : basis) {
          const double dx = normal(random), dy = normal(random), dz = normal(random);
          f.position.push_back(f.box.wrap(Vec3{a * (x + b.x) + dx, a * (y + b.y) + dy, a * (z + b.z) + dz}));
          f.type.push_back(random() % 2 == 0 ? 0 : 1), f.id.push_back(static_cast<std::int64_t>(f.id.size()) + 1);
        }
  f.normalise();
  return f;
}

Curve curve(const std::string& x, std::vector<double> xs, const std::string& y, std::vector<double> ys) {
  Curve c;
  c.source = "data", c.label = "data";
  c.columns = {{x, "1", std::move(xs)}, {y, "1", std::move(ys)}};
  return c;
}

std::vector<double> grid(double first, double last, double step) {
  std::vector<double> g;
  for (double v = first; v <= last + step / 2; v += step) g.push_back(v);
  return g;
}

RmcWalk walk_of(const Frame& f, std::vector<RmcTarget> targets, const DistanceBins& bins, double least = 0) {
  return RmcWalk(f, SpeciesPairs(f), bins, std::move(targets), {Matrix(2, 2, least), 0.2, 3});
}

TEST(RmcTarget, StructureFactorIsThatOfTheFourierMethod) {
  const Frame f = packing(0.25);
  const double r_max = 10;
  StructureFactorOptions o;
  o.method = "fourier", o.weights = "xray", o.r_max = r_max, o.q_max = 10, o.bins = 100;
  const StructureFactor s = structure_factor(f, o);
  const DistanceBins bins{r_max, 500};
  const SpeciesPairs pairs(f);
  RmcData data{"s", {}, {}, {}};
  std::vector<double> expected;
  for (std::size_t i = 10; i < s.q.size(); ++i)
    data.x.push_back(s.q[i]), data.y.push_back(1), data.sigma.push_back(1), expected.push_back(s.structure_factor[i]);
  const RmcWalk w = walk_of(f, {structure_factor_target(data, f, pairs, bins, "xray")}, bins);
  for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR(w.model(0)[k], expected[k], 0.01 + 0.01 * expected[k]) << data.x[k];
}

TEST(RmcTarget, PairDistributionIsThatOfPdf) {
  const Frame f = packing(0.25);
  PdfOptions o;
  o.r_max = 10, o.bins = 100, o.weights = "neutron";
  const Pdf p = pdf(f, o);
  const DistanceBins bins{10, 500};
  const RmcData data{"g", p.r, p.g, std::vector<double>(p.r.size(), 1)};
  const RmcWalk w = walk_of(f, {pair_distribution_target(data, f, SpeciesPairs(f), bins, "neutron", {})}, bins);
  for (std::size_t k = 0; k < p.r.size(); ++k) EXPECT_NEAR(w.model(0)[k], p.g[k], 1e-5 * (1 + p.g[k])) << p.r[k];
  EXPECT_LT(w.chi_squared(), 1e-8);
}

TEST(RmcTarget, CoordinationIsThatOfPdf) {
  const Frame f = packing(0.25);
  PdfOptions o;
  o.r_cut = 3.6;
  const Pdf p = pdf(f, o);
  const DistanceBins bins{10, 500};
  const RmcWalk w = walk_of(f, {coordination_target(1, 1, 3.6, 0, 1, f, SpeciesPairs(f), bins)}, bins);
  const TableColumn &centre = *p.coordination.find("centre"), &other = *p.coordination.find("neighbour"),
                    &number = *p.coordination.find("coordination");
  int found = 0;
  for (std::size_t i = 0; i < p.coordination.rows(); ++i)
    if (centre.text[i] == "Cu" && other.text[i] == "Zr") {
      ++found;
      EXPECT_NEAR(w.model(0)[0], number.number[i], 1e-6);
    }
  EXPECT_EQ(found, 1);
}

TEST(RmcWalk, ChangesAddUpToTheSumsMadeAnew) {
  const Frame f = packing(0.3, 4);
  const DistanceBins bins{8, 400};
  const SpeciesPairs pairs(f);
  RmcData s{"s", grid(1, 12, 0.1), {}, {}};
  s.y.assign(s.x.size(), 1), s.sigma.assign(s.x.size(), 0.3);
  std::vector<RmcTarget> targets = {structure_factor_target(s, f, pairs, bins, "xray"),
                                    coordination_target(3, 0.5, 3.5, 1, 1, f, pairs, bins)};
  for (const double least : {0.0, 2.2}) {
    RmcWalk w = walk_of(f, targets, bins, least);
    const std::size_t close = w.overlaps();
    w.run(3000);
    EXPECT_GT(w.accepted(), 300U);
    const std::vector<double> model = w.model(0), numbers = w.model(1);
    const auto counts = w.histogram();
    w.count();
    EXPECT_EQ(counts, w.histogram());
    for (std::size_t k = 0; k < model.size(); ++k) EXPECT_NEAR(model[k], w.model(0)[k], 2e-5);
    EXPECT_NEAR(numbers[0], w.model(1)[0], 1e-5);
    EXPECT_LE(w.overlaps(), close);
  }
}

TEST(RmcWalk, EnergyIsThatOfTheCalculator) {
  Frame f = packing(0.15, 4);
  std::shared_ptr<const potential::Potential> eam;
  try {
    eam = potential::load("CuZr-Mendelev2007", f);
  } catch (const InputError& e) {
    GTEST_SKIP() << e.what();
  }
  const DistanceBins bins{8, 400};
  const SpeciesPairs pairs(f);
  RmcRules rules{Matrix(2, 2, 2.0), 0.2, 3, {eam->pair_functional(f), 0.1}};
  RmcWalk w(f, pairs, bins, {coordination_target(3, 0.5, 3.5, 1, 1, f, pairs, bins)}, rules);
  const auto energy = [&] {
    std::vector<Vec3> force(f.size());
    return eam->calculator(f)->forces(f.box, w.positions(), force);
  };
  EXPECT_NEAR(w.energy(), energy(), 1e-8 * std::abs(energy()));
  const double start = w.energy();
  w.run(3000);
  EXPECT_GT(w.accepted(), 300U);
  EXPECT_NEAR(w.energy(), energy(), 1e-8 * std::abs(energy()));  // summed move by move
  EXPECT_LT(w.energy(), start - 1);
}

TEST(RmcWalk, DoesNotDependOnTheThreads) {
  const Frame f = packing(0.3, 4);
  const DistanceBins bins{8, 400};
  const RmcData s{"s", {2, 3, 4, 5}, {1, 2, 1, 1.2}, {0.1, 0.1, 0.1, 0.1}};
  const int threads = omp_get_max_threads();
  std::vector<Vec3> one;
  for (const int n : {1, 3}) {
    omp_set_num_threads(n);
    RmcWalk w = walk_of(f, {structure_factor_target(s, f, SpeciesPairs(f), bins, "number")}, bins, 2.0);
    w.run(2000), w.count(), w.run(500);
    if (n == 1)
      one = w.positions();
    else
      for (std::size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i].x, w.positions()[i].x) << i;
  }
  omp_set_num_threads(threads);
}

/// Measured values of the configuration itself.
Curve own_structure_factor(const Frame& f) {
  StructureFactorOptions o;
  o.weights = "xray", o.q_max = 12, o.bins = 240, o.method = "fourier", o.window = "none";
  const StructureFactor s = structure_factor(f, o);
  std::vector<double> q, v;
  for (std::size_t i = 0; i < s.q.size(); ++i)
    if (s.q[i] > 1) q.push_back(s.q[i]), v.push_back(s.structure_factor[i]);
  return curve("q", q, "structure_factor", v);
}

TEST(ReverseMonteCarlo, AScrambledModelRecoversItsOwnStructureFactor) {
  const Frame f = packing(0.3);
  const std::vector<Curve> data = {own_structure_factor(f)};
  ReverseMonteCarloOptions o;
  o.weights = {"xray"}, o.scramble = 0.7, o.moves = 40, o.structure_factor_sigma = 0.03;
  o.minimum_distance = {{"Cu-Cu", 1.8}, {"Cu-Zr", 1.8}, {"Zr-Zr", 1.8}};
  const std::vector<Frame> frames = {f};
  const ReverseMonteCarlo r = reverse_monte_carlo(frames, data, o);
  EXPECT_GT(r.chi_squared_per_point_start, 20);
  EXPECT_LT(r.chi_squared_per_point, 0.03 * r.chi_squared_per_point_start);
  EXPECT_LT(r.data.find("r_factor")->number[0], 0.15);
  ASSERT_EQ(r.configuration.size(), 1U);
  // and the distances themselves are better than before, though only their sum was fitted
  PdfOptions p;
  p.r_max = 8, p.bins = 80, p.weights = "xray";
  const std::vector<double> wanted = pdf(f, p).g, got = pdf(r.configuration[0], p).g;
  o.moves = 1e-9;
  const std::vector<double> start = pdf(reverse_monte_carlo(frames, data, o).configuration[0], p).g;
  double before = 0, after = 0;
  for (std::size_t k = 20; k < wanted.size(); ++k) before += std::pow(start[k] - wanted[k], 2), after += std::pow(got[k] - wanted[k], 2);
  EXPECT_LT(after, 0.5 * before);
}

TEST(ReverseMonteCarlo, GoesOnFromItsCheckpoint) {
  const Frame f = packing(0.3, 4);
  RmcWalk first = walk_of(f, {}, {8, 400}, 2.0);
  first.run(700), first.count();
  io::Archive out;
  first.save(out);
  RmcWalk second = walk_of(f, {}, {8, 400}, 2.0);
  io::Archive in(out.bytes());
  second.load(in);
  first.run(300), second.run(300);
  for (std::size_t i = 0; i < f.size(); ++i) EXPECT_EQ(first.positions()[i].y, second.positions()[i].y);
}

template <class F> std::string refusal(F run) {
  try {
    run();
  } catch (const InputError& e) {
    return e.what();
  }
  return {};
}

/// Stops after some sweeps, as Ctrl-C does; never when `left` is large.
class Impatient : public Context {
 public:
  Impatient(int sweeps, const std::filesystem::path& folder) : left_(sweeps) { directory = folder; }
  bool cancelled() const override { return left_ <= 0; }
  void progress(double fraction, std::string_view) override { --left_, first_ = std::min(first_, fraction); }
  double first() const { return first_; }

 private:
  int left_;
  double first_ = 1;
};

TEST(ReverseMonteCarlo, AStoppedWalkGoesOnWhereItWas) {
  const test::Scratch folder;
  const std::vector<Frame> frames = {packing(0.3, 4)};
  const std::vector<Curve> data = {own_structure_factor(frames[0])};
  ReverseMonteCarloOptions o;
  o.weights = {"xray"}, o.scramble = 0.3, o.moves = 8, o.tolerance = 0, o.structure_factor_sigma = 0.03;
  Impatient stopped(5, folder.path() / "a"), again(1000, folder.path() / "a"), whole(1000, folder.path() / "b");
  EXPECT_THROW(reverse_monte_carlo(frames, data, o, stopped), Interrupted);
  const ReverseMonteCarlo r = reverse_monte_carlo(frames, data, o, again), all = reverse_monte_carlo(frames, data, o, whole);
  EXPECT_GT(again.first(), 5.0 / 8);
  EXPECT_EQ(r.chi_squared, all.chi_squared);
  EXPECT_EQ(r.configuration[0].position[7].x, all.configuration[0].position[7].x);
}

TEST(ReverseMonteCarlo, RefusesWhatItCannotUse) {
  const std::vector<Frame> frames = {packing(0.2, 4)};
  const std::vector<double> q = grid(1, 12, 0.1);
  ReverseMonteCarloOptions o;
  const auto with = [&](const std::vector<Curve>& curves) { return refusal([&] { reverse_monte_carlo(frames, curves, o); }); };
  const Curve good = curve("q", q, "structure_factor", std::vector<double>(q.size(), 1));
  EXPECT_NE(with({good}).find("--weights"), std::string::npos);
  o.weights = {"xray"};
  EXPECT_NE(with({curve("q", q, "structure_factor", std::vector<double>(q.size(), 0))}).find("must tend to 1"), std::string::npos);
  EXPECT_NE(with({curve("q", q, "g", q)}).find("either q and structure_factor"), std::string::npos);
  EXPECT_NE(with({}).find("S(Q) or g(r)"), std::string::npos);
  o.coordination = {"Cu-Al=3:3"};
  EXPECT_NE(with({good}).find("--coordination: must name two of Cu, Zr"), std::string::npos);
  o.coordination = {"Cu-Zr=x:3"};
  EXPECT_NE(with({good}).find("must be written"), std::string::npos);
  o.coordination = {}, o.minimum_distance = {{"Cu-Zr", 6}};
  EXPECT_NE(with({good}).find("--minimum-distance: must leave room"), std::string::npos);
  o.minimum_distance = {}, o.r_max = 20;
  EXPECT_NE(with({good}).find("half the smallest height"), std::string::npos);
}

}  // namespace
}  // namespace heteroglass::structure
