#include "potential/eam.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "core/error.hpp"
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

class EamFunctional final : public Functional {
 public:
  /// `elements`: of the file, in the order of the species here.
  EamFunctional(const Setfl& file, const std::vector<std::size_t>& elements, Kernel kernel)
      : n_(elements.size()), kernel_(kernel), per_rho_(1 / file.d_rho), per_r_(1 / file.d_r), cutoff_(file.cutoff) {
    for (const std::size_t a : elements) {
      f_.push_back(file.embedding[a]);
      f_slope_.push_back(slopes(file.embedding[a]));
    }
    for (const std::size_t a : elements)
      for (const std::size_t b : elements) tables_.push_back(table(file.pair[a][b], file.density[b][a], file.density[a][b]));
    last_ = static_cast<std::int32_t>(file.pair[0][0].size()) - 2;
  }
  double cutoff() const override { return cutoff_; }
  bool embedded() const override { return true; }

  double density(const Neighborhood& near, std::size_t local) const override { return eam_density(row_of(near, local), kernel_); }
  RowForce force(const Neighborhood& near, std::size_t local, bool virial) const override {
    return eam_force(row_of(near, local), virial, kernel_);
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

  PairTerms pair(int species, int other, double r, double, double) const override {
    if (r >= cutoff_) return {};
    const double at = r * per_r_;
    const std::int32_t m = std::min(static_cast<std::int32_t>(at), last_);
    const double p = std::min(at - m, 1.0);
    const EamTable& table = tables_[static_cast<std::size_t>(species) * n_ + static_cast<std::size_t>(other)];
    const double *k = table.force.data() + static_cast<std::ptrdiff_t>(table.stride) * m, *l = k + table.stride;
    const int from = table.stride == EamTable::unlike_stride ? 4 : 2;
    const Cubic z(k[0], k[1], l[0], l[1]), in(k[2], k[3], l[2], l[3]), out(k[from], k[from + 1], l[from], l[from + 1]);
    const double h = per_r_, inverse = 1 / r, phi = z.value(p) * inverse;
    const double first = (z.first(p) * h - phi) * inverse, second = (z.second(p) * h * h - 2 * first) * inverse;
    const auto s = [&](double f1, double f2) { return (f2 - f1 * inverse) * inverse * inverse; };
    PairTerms t{phi, first * inverse, s(first, second)};
    t.in_t = in.first(p) * h * inverse, t.in_s = s(in.first(p) * h, in.second(p) * h * h);
    t.out_t = out.first(p) * h * inverse, t.out_s = s(out.first(p) * h, out.second(p) * h * h);
    t.in = in.value(p), t.out = out.value(p);
    return t;
  }

 private:
  static EamTable table(const std::vector<double>& z, const std::vector<double>& in, const std::vector<double>& out) {
    const std::vector<double> zs = slopes(z), ins = slopes(in), outs = slopes(out);
    EamTable t;
    t.stride = in == out ? EamTable::like_stride : EamTable::unlike_stride;
    t.density.assign(EamTable::density_stride * z.size()), t.force.assign(static_cast<std::size_t>(t.stride) * z.size());
    double *density = t.density.data(), *force = t.force.data();
    for (std::size_t m = 0; m < z.size(); ++m) {
      *density++ = in[m], *density++ = ins[m];
      for (const double v : {z[m], zs[m], in[m], ins[m]}) *force++ = v;
      if (t.stride == EamTable::unlike_stride) *force++ = out[m], *force++ = outs[m];
    }
    return t;
  }
  EamRow row_of(const Neighborhood& near, std::size_t local) const {
    return {&near, local, tables_.data() + static_cast<std::size_t>(near.species(local)) * n_, cutoff_ * cutoff_, per_r_, last_};
  }

  std::size_t n_;
  Kernel kernel_;
  std::int32_t last_ = 0;
  double per_rho_, per_r_, cutoff_;
  std::vector<std::vector<double>> f_, f_slope_;
  std::vector<EamTable> tables_;
};

class Eam final : public Potential {
 public:
  Eam(Setfl file, std::string name, std::string reference, Kernel kernel)
      : kernel_(kernel), file_(std::move(file)), name_(std::move(name)), reference_(std::move(reference)) {}
  std::string name() const override { return name_; }
  std::string reference() const override { return reference_; }
  double cutoff() const override { return file_.cutoff; }
  double range() const override { return 2 * file_.cutoff; }
  UnitSystem units() const override { return UnitSystem::metal; }

  std::unique_ptr<Calculator> calculator(const Frame& frame) const override {
    FunctionalSystem system;
    system.species = frame.type, system.species_count = static_cast<int>(frame.species.size());
    return std::make_unique<FunctionalCalculator>(pair_functional(frame), std::move(system));
  }
  std::shared_ptr<const Functional> pair_functional(const Frame& frame) const override { return functional(elements_of(frame)); }

 private:
  /// Of the file, in the order of the species of the frame.
  std::vector<std::size_t> elements_of(const Frame& frame) const {
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
    return elements;
  }

  std::shared_ptr<const Functional> functional(const std::vector<std::size_t>& elements) const {
    const std::scoped_lock lock(mutex_);
    auto& known = functionals_[elements];
    if (!known) known = std::make_shared<EamFunctional>(file_, elements, kernel_);
    return known;
  }

  Kernel kernel_;
  Setfl file_;
  std::string name_, reference_;
  mutable std::mutex mutex_;
  mutable std::map<std::vector<std::size_t>, std::shared_ptr<const Functional>> functionals_;
};

}  // namespace

std::shared_ptr<const Potential> eam(Setfl tables, std::string name, std::string reference, Kernel kernel) {
  return std::make_shared<Eam>(std::move(tables), std::move(name), std::move(reference), kernel);
}

}  // namespace heteroglass::potential
