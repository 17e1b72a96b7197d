#include "potential/eam.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "core/error.hpp"
#include "core/vector_clones.hpp"
#include "potential/functional_calculator.hpp"
#include "potential/setfl.hpp"

namespace heteroglass::potential {
namespace {

/// Slopes at the knots, in units of the spacing.
std::vector<double> slopes(const std::vector<double>& f) {
  const std::size_t n = f.size();
  std::vector<double> s(n);
  s[0] = f[1] - f[0];
  s[1] = 0.5 * (f[2] - f[0]);
  s[n - 2] = 0.5 * (f[n - 1] - f[n - 3]);
  s[n - 1] = f[n - 1] - f[n - 2];
  for (std::size_t m = 2; m + 2 < n; ++m) s[m] = ((f[m - 2] - f[m + 2]) + 8 * (f[m + 1] - f[m - 1])) / 12;
  return s;
}

/// One interval of a Hermite spline: value c6 + p (c5 + p (c4 + p c3)).
struct Cubic {
  double c3, c4, c5, c6;
  Cubic(double f0, double s0, double f1, double s1) : c3(s0 + s1 - 2 * (f1 - f0)), c4(3 * (f1 - f0) - 2 * s0 - s1), c5(s0), c6(f0) {}
  double value(double p) const { return ((c3 * p + c4) * p + c5) * p + c6; }
  double first(double p) const { return (3 * c3 * p + 2 * c4) * p + c5; }
  double second(double p) const { return 6 * c3 * p + 2 * c4; }
};

/// Knots of the functions of a pair (a, b) side by side: value and slope of f_{b->a} alone, and of r phi, f_{b->a}, f_{a->b}.
struct PairTable {
  std::vector<double> density, force;
};

struct Row {
  const double *x, *y, *z, *slope;
  const std::int32_t* places;
  std::int32_t padded;
  Vec3 r;
  double own_slope, r2_cut, per_knot;
  std::int32_t last;  ///< last interval
};

struct Sums {
  double fx = 0, fy = 0, fz = 0, energy = 0, xx = 0, yy = 0, zz = 0, yz = 0, xz = 0, xy = 0;
};

HETEROGLASS_VECTOR_CLONES double density_row(const Row& row, const double* table) {
  const double *x = row.x, *y = row.y, *z = row.z;
  const std::int32_t* places = row.places;
  const double rx = row.r.x, ry = row.r.y, rz = row.r.z, cut = row.r2_cut, per_knot = row.per_knot;
  const std::int32_t last = row.last;
  double rho = 0;
#pragma omp simd reduction(+ : rho)
  for (std::int32_t k = 0; k < row.padded; ++k) {
    const std::int32_t place = places[k];
    const double dx = x[place] - rx, dy = y[place] - ry, dz = z[place] - rz, r2 = dx * dx + dy * dy + dz * dz;
    const double at = std::sqrt(r2 < cut ? r2 : cut) * per_knot;
    const auto floor = static_cast<std::int32_t>(at);
    const std::int32_t m = floor < last ? floor : last;
    const double p = std::min(at - m, 1.0);
    const double f0 = table[2 * m], s0 = table[2 * m + 1], f1 = table[2 * m + 2], s1 = table[2 * m + 3];
    const double c3 = s0 + s1 - 2 * (f1 - f0), c4 = 3 * (f1 - f0) - 2 * s0 - s1;
    rho += r2 < cut ? ((c3 * p + c4) * p + s0) * p + f0 : 0;
  }
  return rho;
}

template <bool virial> inline __attribute__((always_inline)) void add_force_row(const Row& row, const double* table, Sums& sums) {
  const double *x = row.x, *y = row.y, *z = row.z, *slope = row.slope;
  const std::int32_t* places = row.places;
  const double rx = row.r.x, ry = row.r.y, rz = row.r.z, cut = row.r2_cut, per_knot = row.per_knot, own = row.own_slope;
  const std::int32_t last = row.last;
  double fx = 0, fy = 0, fz = 0, e = 0, xx = 0, yy = 0, zz = 0, yz = 0, xz = 0, xy = 0;
#pragma omp simd reduction(+ : fx, fy, fz, e, xx, yy, zz, yz, xz, xy)
  for (std::int32_t k = 0; k < row.padded; ++k) {
    const std::int32_t place = places[k];
    const double dx = x[place] - rx, dy = y[place] - ry, dz = z[place] - rz, r2 = dx * dx + dy * dy + dz * dz;
    const double r = std::sqrt(r2 < cut ? r2 : cut), at = r * per_knot;
    const auto floor = static_cast<std::int32_t>(at);
    const std::int32_t m = floor < last ? floor : last;
    const double p = std::min(at - m, 1.0), inverse = 1 / r;
    const double* knot = table + 6 * m;
    const double z0 = knot[0], zs0 = knot[1], z1 = knot[6], zs1 = knot[7];
    const double a0 = knot[2], as0 = knot[3], a1 = knot[8], as1 = knot[9];
    const double b0 = knot[4], bs0 = knot[5], b1 = knot[10], bs1 = knot[11];
    const double z3 = zs0 + zs1 - 2 * (z1 - z0), z4 = 3 * (z1 - z0) - 2 * zs0 - zs1;
    const double a3 = as0 + as1 - 2 * (a1 - a0), a4 = 3 * (a1 - a0) - 2 * as0 - as1;
    const double b3 = bs0 + bs1 - 2 * (b1 - b0), b4 = 3 * (b1 - b0) - 2 * bs0 - bs1;
    const double phi = (((z3 * p + z4) * p + zs0) * p + z0) * inverse;
    const double z_first = (3 * z3 * p + 2 * z4) * p + zs0, in_first = (3 * a3 * p + 2 * a4) * p + as0,
                 out_first = (3 * b3 * p + 2 * b4) * p + bs0;
    const double along = (own * in_first + slope[place] * out_first) * per_knot + (z_first * per_knot - phi) * inverse;
    const double t = r2 < cut ? along * inverse : 0;
    e += r2 < cut ? phi : 0;
    fx += t * dx, fy += t * dy, fz += t * dz;
    if constexpr (virial) xx += t * dx * dx, yy += t * dy * dy, zz += t * dz * dz, yz += t * dy * dz, xz += t * dx * dz, xy += t * dx * dy;
  }
  sums.fx += fx, sums.fy += fy, sums.fz += fz, sums.energy += e;
  if constexpr (virial) sums.xx += xx, sums.yy += yy, sums.zz += zz, sums.yz += yz, sums.xz += xz, sums.xy += xy;
}

HETEROGLASS_VECTOR_CLONES void force_row(const Row& row, const double* table, Sums& sums) { add_force_row<false>(row, table, sums); }
HETEROGLASS_VECTOR_CLONES void force_virial_row(const Row& row, const double* table, Sums& sums) { add_force_row<true>(row, table, sums); }

class EamFunctional final : public Functional {
 public:
  /// `elements`: of the file, in the order of the species here.
  EamFunctional(const Setfl& file, const std::vector<std::size_t>& elements)
      : n_(elements.size()), per_rho_(1 / file.d_rho), per_r_(1 / file.d_r), cutoff_(file.cutoff) {
    for (const std::size_t a : elements) {
      f_.push_back(file.embedding[a]);
      f_slope_.push_back(slopes(file.embedding[a]));
    }
    for (const std::size_t a : elements)
      for (const std::size_t b : elements) {
        const auto &z = file.pair[a][b], &in = file.density[b][a], &out = file.density[a][b];
        const auto zs = slopes(z), ins = slopes(in), outs = slopes(out);
        knots_ = z.size();
        PairTable t;
        for (std::size_t m = 0; m < z.size(); ++m) {
          t.density.insert(t.density.end(), {in[m], ins[m]});
          t.force.insert(t.force.end(), {z[m], zs[m], in[m], ins[m], out[m], outs[m]});
        }
        tables_.push_back(std::move(t));
      }
  }
  double cutoff() const override { return cutoff_; }
  bool embedded() const override { return true; }

  double density(const Neighborhood& near, std::size_t local) const override {
    Row row = row_of(near, local, nullptr);
    double rho = 0;
    for (int kind = 0; kind < near.species_count(); ++kind) {
      const Neighborhood::Segment& segment = near.segment(local, kind);
      row.places = segment.places, row.padded = segment.padded;
      rho += density_row(row, table(near.species(local), kind).density.data());
    }
    return rho;
  }

  Embedding embedding(int species, double rho) const override {
    const std::vector<double>&f = f_[species], &s = f_slope_[species];
    const double most = static_cast<double>(f.size() - 1), at = rho * per_rho_;
    const double m = std::clamp(std::floor(at), 0.0, most - 1), p = std::min(at - m, 1.0);
    const auto k = static_cast<std::size_t>(m);
    const Cubic c(f[k], s[k], f[k + 1], s[k + 1]);
    Embedding e{c.value(p), c.first(p) * per_rho_, c.second(p) * per_rho_ * per_rho_};
    if (at > most) e.energy += e.first * (at - most) / per_rho_, e.second = 0;
    return e;
  }

  RowForce force(const Neighborhood& near, std::size_t local, const double* slope, const double*, bool virial) const override {
    Row row = row_of(near, local, slope);
    Sums sums;
    for (int kind = 0; kind < near.species_count(); ++kind) {
      const Neighborhood::Segment& segment = near.segment(local, kind);
      row.places = segment.places, row.padded = segment.padded;
      (virial ? force_virial_row : force_row)(row, table(near.species(local), kind).force.data(), sums);
    }
    return {{sums.fx, sums.fy, sums.fz}, sums.energy / 2, {sums.xx / 2, sums.yy / 2, sums.zz / 2, sums.yz / 2, sums.xz / 2, sums.xy / 2}};
  }

  PairTerms pair(int species, int other, double r, double, double) const override {
    if (r >= cutoff_) return {};
    const double at = r * per_r_, m = std::min(std::floor(at), static_cast<double>(knots_ - 2)), p = std::min(at - m, 1.0);
    const double* k = table(species, other).force.data() + 6 * static_cast<std::size_t>(m);
    const Cubic z(k[0], k[1], k[6], k[7]), in(k[2], k[3], k[8], k[9]), out(k[4], k[5], k[10], k[11]);
    const double h = per_r_, inverse = 1 / r, phi = z.value(p) * inverse;
    const double first = (z.first(p) * h - phi) * inverse, second = (z.second(p) * h * h - 2 * first) * inverse;
    const auto s = [&](double f1, double f2) { return (f2 - f1 * inverse) * inverse * inverse; };
    PairTerms t{phi, first * inverse, s(first, second)};
    t.in_t = in.first(p) * h * inverse, t.in_s = s(in.first(p) * h, in.second(p) * h * h);
    t.out_t = out.first(p) * h * inverse, t.out_s = s(out.first(p) * h, out.second(p) * h * h);
    return t;
  }

 private:
  const PairTable& table(int species, int other) const {
    return tables_[static_cast<std::size_t>(species) * n_ + static_cast<std::size_t>(other)];
  }
  Row row_of(const Neighborhood& near, std::size_t local, const double* slope) const {
    const auto self = static_cast<std::size_t>(near.place(local));
    return {near.x(),
            near.y(),
            near.z(),
            slope,
            nullptr,
            0,
            {near.x()[self], near.y()[self], near.z()[self]},
            slope ? slope[self] : 0,
            cutoff_ * cutoff_,
            per_r_,
            static_cast<std::int32_t>(knots_ - 2)};
  }

  std::size_t n_, knots_ = 0;
  double per_rho_, per_r_, cutoff_;
  std::vector<std::vector<double>> f_, f_slope_;
  std::vector<PairTable> tables_;
};

class Eam final : public Potential {
 public:
  Eam(Setfl file, std::string name, std::string reference)
      : file_(std::move(file)), name_(std::move(name)), reference_(std::move(reference)) {}
  std::string name() const override { return name_; }
  std::string reference() const override { return reference_; }
  double cutoff() const override { return file_.cutoff; }
  double range() const override { return 2 * file_.cutoff; }
  UnitSystem units() const override { return UnitSystem::metal; }

  std::unique_ptr<Calculator> calculator(const Frame& frame) const override {
    if (frame.units == UnitSystem::lj) throw InputError(fmt::format("{}: the frame must be in metal units, got lj", name_));
    frame.require_species_names();
    std::vector<std::size_t> elements;
    for (const Species& s : frame.species) {
      const auto found = std::find(file_.elements.begin(), file_.elements.end(), s.name);
      if (found == file_.elements.end())
        throw InputError(
            fmt::format("potential: {} must hold every species, got no {}; it has {}", name_, s.name, fmt::join(file_.elements, ", ")));
      elements.push_back(static_cast<std::size_t>(found - file_.elements.begin()));
    }
    FunctionalSystem system;
    system.species = frame.type, system.species_count = static_cast<int>(frame.species.size());
    return std::make_unique<FunctionalCalculator>(functional(elements), std::move(system));
  }

 private:
  std::shared_ptr<const Functional> functional(const std::vector<std::size_t>& elements) const {
    const std::scoped_lock lock(mutex_);
    auto& known = functionals_[elements];
    if (!known) known = std::make_shared<EamFunctional>(file_, elements);
    return known;
  }

  Setfl file_;
  std::string name_, reference_;
  mutable std::mutex mutex_;
  mutable std::map<std::vector<std::size_t>, std::shared_ptr<const Functional>> functionals_;
};

}  // namespace

std::shared_ptr<const Potential> eam(const std::filesystem::path& file, bool finnis_sinclair, std::string name, std::string reference) {
  return std::make_shared<Eam>(read_setfl(file, finnis_sinclair), std::move(name), std::move(reference));
}

}  // namespace heteroglass::potential
