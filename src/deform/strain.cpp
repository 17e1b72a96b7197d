#include "deform/strain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>

#include "core/analysis.hpp"
#include "core/error.hpp"
#include "deform/box_match.hpp"
#include "neighbor/cell_list.hpp"
#include "numeric/proportion.hpp"
#include "structure/first_shell.hpp"

namespace heteroglass::deform {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void check_same_atoms(const Frame& reference, const Frame& current, Context& context) {
  if (reference.size() != current.size())
    throw FormatError(current.source, 0,
                      fmt::format("the current frame must hold the {} atoms of the reference, got {}", reference.size(), current.size()));
  const auto [there, here] = std::mismatch(reference.id.begin(), reference.id.end(), current.id.begin());
  if (there != reference.id.end())
    throw FormatError(current.source, 0,
                      fmt::format("the current frame must hold the atoms of the reference, got id {} where {} is expected", *here, *there));
  if (reference.units != current.units && reference.units != UnitSystem::unknown && current.units != UnitSystem::unknown)
    throw InputError(fmt::format("{}: both frames must be in the same units, got {} and {}", current.source, name(reference.units),
                                 name(current.units)));
  for (std::size_t i = 0; i < reference.size(); ++i)
    if (reference.species_name(static_cast<std::size_t>(reference.type[i])) !=
        current.species_name(static_cast<std::size_t>(current.type[i]))) {
      context.warn(fmt::format("atom {} is {} in the reference and {} in the current frame; the reference is used", reference.id[i],
                               reference.species_name(static_cast<std::size_t>(reference.type[i])),
                               current.species_name(static_cast<std::size_t>(current.type[i]))));
      break;
    }
}

Mat3 symmetric_strain(const Mat3& f) {
  Mat3 e = transpose(f) * f;
  for (std::size_t p = 0; p < 3; ++p)
    for (std::size_t q = 0; q < 3; ++q) e[p][q] = 0.5 * (e[p][q] - (p == q));
  return e;
}

double von_mises(const Mat3& e) {
  const double xx = e[0][0], yy = e[1][1], zz = e[2][2];
  const double diagonal = (xx - yy) * (xx - yy) + (xx - zz) * (xx - zz) + (yy - zz) * (yy - zz);
  return std::sqrt(e[0][1] * e[0][1] + e[0][2] * e[0][2] + e[1][2] * e[1][2] + diagonal / 6);
}

/// Newton's iteration for the orthogonal factor (Higham 1986, doi:10.1137/0907079). A map that mirrors has none.
bool polar_rotation(const Mat3& f, Mat3& r) {
  if (!(determinant(f) > 0)) return false;
  r = f;
  for (int step = 0; step < 50; ++step) {
    const Mat3 back = transpose(inverse(r));
    double change = 0;
    for (std::size_t p = 0; p < 3; ++p)
      for (std::size_t q = 0; q < 3; ++q) {
        const double next = 0.5 * (r[p][q] + back[p][q]);
        change = std::max(change, std::abs(next - r[p][q]));
        r[p][q] = next;
      }
    if (change < 1e-14) break;
  }
  return true;
}

/// Axis times angle; through the quaternion, which is well conditioned at small angles and near pi.
Vec3 rotation_vector(const Mat3& r) {
  const double trace = r[0][0] + r[1][1] + r[2][2];
  const Vec3 twice{r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]};  // 2 sin(angle) axis
  if (trace > -0.9) {
    const double w = 2 * std::sqrt(std::max(0.0, 1 + trace));  // 4 cos(angle / 2)
    const Vec3 v = twice / w;                                  // sin(angle / 2) axis
    const double s = norm(v);
    return s == 0 ? Vec3{} : 2 * std::atan2(s, w / 4) / s * v;
  }
  const std::size_t k = r[0][0] >= r[1][1] && r[0][0] >= r[2][2] ? 0 : r[1][1] >= r[2][2] ? 1 : 2;
  Vec3 v;
  for (std::size_t p = 0; p < 3; ++p) v[p] = r[p][k] + r[k][p];
  v[k] = 1 + 2 * r[k][k] - trace;
  v = v / norm(v);
  const double w = 0.5 * dot(twice, v) / 2;  // sin(angle) / 2, signed
  const double angle = std::atan2(2 * w, (trace - 1) / 2);
  return angle * v;
}

/// Positions of the current frame less those the cell's deformation gives, in fractions of its (deformed reference) cell.
class Residual {
 public:
  Residual(const Frame& reference, const Frame& current, const BoxMatch& match) : box_(match.edges, {}, current.box.periodicity()) {
    value_.resize(reference.size());
    for (std::size_t i = 0; i < reference.size(); ++i)
      value_[i] = box_.fractional(current.position[i] - current.box.origin()) - reference.box.fractional(reference.position[i]);
  }
  /// How much farther than the cell's deformation the separation of two atoms has moved.
  Vec3 between(std::size_t i, std::size_t j) const {
    Vec3 s = value_[j] - value_[i];
    for (std::size_t k = 0; k < 3; ++k)
      if (box_.periodic(k)) s[k] -= std::nearbyint(s[k]);
    return box_.edges() * s;
  }

 private:
  Box box_;
  std::vector<Vec3> value_;
};

Matrix nonaffine_displacements(const Residual& residual, std::size_t atoms) {
  std::vector<Vec3> u(atoms);
  Vec3 mean;
  for (std::size_t i = 0; i < atoms; ++i) mean += u[i] = residual.between(0, i);
  mean = mean / double(atoms);
  Matrix m(atoms, 3);
  for (std::size_t i = 0; i < atoms; ++i)
    for (std::size_t k = 0; k < 3; ++k) m(i, k) = u[i][k] - mean[k];
  return m;
}

void add_outer(Mat3& sum, const Vec3& a, const Vec3& b) {
  for (std::size_t p = 0; p < 3; ++p)
    for (std::size_t q = 0; q < 3; ++q) sum[p][q] += a[p] * b[q];
}

class Fitter {
 public:
  Fitter(const Residual& residual, const Mat3& gradient, bool remove_affine, Strain& out)
      : residual_(residual),
        base_(remove_affine ? Mat3::identity() : gradient),
        back_(inverse(gradient)),
        remove_(remove_affine),
        out_(out) {}

  void fit(std::size_t i, std::span<const neighbor::Neighbor> neighbors) {
    Mat3 v, w;
    moved_.clear();
    for (const auto& n : neighbors) {
      Vec3 u = residual_.between(i, static_cast<std::size_t>(n.index));
      if (remove_) u = back_ * u;
      moved_.push_back(u);
      add_outer(v, n.separation, n.separation);
      add_outer(w, u, n.separation);
    }
    out_.neighbors[i] = static_cast<int>(neighbors.size());
    const double scale = (v[0][0] + v[1][1] + v[2][2]) / 3;
    if (neighbors.size() < 3 || !(determinant(v) > 1e-8 * scale * scale * scale)) return refuse(i);
    const Mat3 extra = w * inverse(v);
    double sum = 0;
    for (std::size_t k = 0; k < neighbors.size(); ++k) sum += norm2(moved_[k] - extra * neighbors[k].separation);
    out_.d2min_sum[i] = sum;
    out_.d2min_mean[i] = sum / double(neighbors.size());
    Mat3 f = base_;
    for (std::size_t p = 0; p < 3; ++p)
      for (std::size_t q = 0; q < 3; ++q) f[p][q] += extra[p][q];
    keep(i, f);
  }

 private:
  void refuse(std::size_t i) {
    out_.invalid[i] = 1;
    out_.d2min_sum[i] = out_.d2min_mean[i] = out_.shear_strain[i] = out_.volumetric_strain[i] = out_.rotation_angle[i] = nan;
    for (Matrix* m : {&out_.strain, &out_.rotation, &out_.deformation_gradient})
      for (std::size_t k = 0; k < m->columns; ++k) (*m)(i, k) = nan;
  }

  void keep(std::size_t i, const Mat3& f) {
    const Mat3 e = symmetric_strain(f);
    out_.shear_strain[i] = von_mises(e);
    out_.volumetric_strain[i] = (e[0][0] + e[1][1] + e[2][2]) / 3;
    const std::array<double, 6> six = {e[0][0], e[1][1], e[2][2], e[0][1], e[0][2], e[1][2]};
    for (std::size_t k = 0; k < 6; ++k) out_.strain(i, k) = six[k];
    for (std::size_t p = 0; p < 3; ++p)
      for (std::size_t q = 0; q < 3; ++q) out_.deformation_gradient(i, 3 * q + p) = f[p][q];
    Mat3 r;
    const bool proper = polar_rotation(f, r);
    const Vec3 turn = proper ? rotation_vector(r) : Vec3{nan, nan, nan};
    for (std::size_t k = 0; k < 3; ++k) out_.rotation(i, k) = turn[k];
    out_.rotation_angle[i] = norm(turn);
  }

  const Residual& residual_;
  Mat3 base_, back_;
  bool remove_;
  Strain& out_;
  std::vector<Vec3> moved_;
};

void resize(Strain& r, std::size_t n) {
  for (std::vector<double>* v : {&r.d2min_sum, &r.d2min_mean, &r.shear_strain, &r.volumetric_strain, &r.rotation_angle}) v->resize(n);
  r.strain = Matrix(n, 6), r.rotation = Matrix(n, 3), r.deformation_gradient = Matrix(n, 9);
  r.neighbors.resize(n), r.invalid.resize(n);
}

struct Quantile {
  double value = nan, error = nan;
};

/// Half the distance of the order statistics one binomial standard deviation to both sides.
Quantile quantile(const std::vector<double>& sorted, double p) {
  if (sorted.empty()) return {};
  const double n = double(sorted.size()), at = p * (n - 1), spread = std::sqrt(n * p * (1 - p));
  const auto value = [&](double x) {
    x = std::clamp(x, 0.0, n - 1);
    const auto k = static_cast<std::size_t>(x);
    const double rest = x - double(k);
    return rest == 0 ? sorted[k] : sorted[k] * (1 - rest) + sorted[k + 1] * rest;
  };
  return {value(at), 0.5 * (value(at + spread) - value(at - spread))};
}

void add_row(Table& t, const std::string& quantity, const std::string& species, std::vector<double> values) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  std::sort(values.begin(), values.end());
  const Measured m = numeric::mean(values);
  t.columns[0].text.push_back(quantity);
  t.columns[1].text.push_back(species);
  std::size_t c = 2;
  const auto push = [&](double value, double error) {
    t.columns[c++].number.push_back(value);
    t.columns[c++].number.push_back(error);
  };
  push(m.value, m.error);
  for (double p : {0.5, 0.9, 0.99}) {
    const Quantile q = quantile(values, p);
    push(q.value, q.error);
  }
  t.columns[c].number.push_back(values.empty() ? nan : values.back());
}

using Quantities = std::vector<std::pair<std::string, const std::vector<double>*>>;

Table summary(const Frame& frame, const std::string& unit, const Quantities& quantities) {
  Table t;
  t.add_text("quantity");
  t.add_text("species");
  for (const std::string name : {"mean", "median", "quantile_90", "quantile_99"}) {
    t.add_number(name, unit);
    t.add_number(name + "_error", unit);
  }
  t.add_number("largest", unit);
  for (const auto& [quantity, values] : quantities) {
    add_row(t, quantity, "all", *values);
    for (std::size_t s = 0; s < frame.species.size() && frame.species.size() > 1; ++s) {
      std::vector<double> own;
      for (std::size_t i = 0; i < frame.size(); ++i)
        if (static_cast<std::size_t>(frame.type[i]) == s) own.push_back((*values)[i]);
      add_row(t, quantity, frame.species_name(s), std::move(own));
    }
  }
  return t;
}

void describe_box(const BoxMatch& match, Strain& r, Context& context) {
  const Mat3 e = symmetric_strain(match.gradient);
  r.component = {"xx", "yy", "zz", "xy", "xz", "yz"};
  r.box_strain = {e[0][0], e[1][1], e[2][2], e[0][1], e[0][2], e[1][2]};
  r.box_gradient = Matrix(3, 3);
  for (std::size_t p = 0; p < 3; ++p)
    for (std::size_t q = 0; q < 3; ++q) r.box_gradient(p, q) = match.gradient[p][q];
  if (match.flipped())
    context.warn(
        fmt::format("the current box is flipped: its edges b{:+d}a, c{:+d}b{:+d}a are taken as those of the reference ({})", match.flip[0],
                    match.flip[1], match.flip[2],
                    match.by_images ? "the image flags say so" : "least shear; a larger shear cannot be told without image flags"));
}

}  // namespace

Strain strain(const Frame& reference, const Frame& current, const StrainOptions& options, Context& context) {
  check_same_atoms(reference, current, context);
  const BoxMatch match = box_match(reference, current);
  Strain r;
  describe_box(match, r, context);
  r.r_cut = options.r_cut ? *options.r_cut : structure::first_minimum(reference);
  resize(r, reference.size());
  const Residual residual(reference, current, match);
  const neighbor::CellList cells(reference, r.r_cut);
  const auto blocks = static_cast<std::ptrdiff_t>(cells.blocks());
#pragma omp parallel
  {
    Fitter fitter(residual, match.gradient, options.remove_affine, r);
#pragma omp for schedule(dynamic)
    for (std::ptrdiff_t b = 0; b < blocks; ++b)
      cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, auto neighbors) { fitter.fit(i, neighbors); });
  }
  context.check_cancelled();
  r.nonaffine_displacement = nonaffine_displacements(residual, reference.size());
  r.invalid_atoms = double(std::count(r.invalid.begin(), r.invalid.end(), 1));
  if (r.invalid_atoms > 0)
    context.warn(fmt::format("{} of {} atoms have fewer than 3 neighbours within {:.4g}, or all in one plane: no strain for them",
                             r.invalid_atoms, reference.size(), r.r_cut));
  r.mean_d2min = numeric::mean(r.d2min_mean);
  r.mean_shear_strain = numeric::mean(r.shear_strain);
  r.mean_volumetric_strain = numeric::mean(r.volumetric_strain);
  r.d2min_summary = summary(reference, "angstrom^2", {{"d2min_sum", &r.d2min_sum}, {"d2min_mean", &r.d2min_mean}});
  r.strain_summary = summary(reference, "1", {{"shear_strain", &r.shear_strain}, {"volumetric_strain", &r.volumetric_strain}});
  return r;
}

const Fields& StrainOptions::fields() {
  static const Fields table = {
      field<&StrainOptions::r_cut>("r_cut", "angstrom", "neighbours in the reference; first minimum of its g(r) when not given").positive(),
      field<&StrainOptions::remove_affine>("remove_affine", "",
                                           "take out the deformation of the cell first, so that only local strain is left"),
  };
  return table;
}

const Fields& Strain::fields() {
  const std::string two = "difference of two configurations";
  static const Fields table = {
      field<&Strain::r_cut>("r_cut", "angstrom", "radius of the neighbourhoods")
          .exact("given, or the first minimum of g(r) of the reference"),
      field<&Strain::invalid_atoms>("invalid_atoms", "1", "atoms with fewer than 3 neighbours, or all in one plane").exact("counted"),
      field<&Strain::component>("component", "", "components of a strain"),
      field<&Strain::box_strain>("box_strain", "1", "Green-Lagrange strain of the cell").over("component", Plot::bars).exact(two),
      field<&Strain::box_gradient>("box_gradient", "1", "deformation gradient of the cell, rows x, y, z").exact(two),
      field<&Strain::d2min_summary>("d2min_summary", "", "mean and quantiles of D2min, all atoms and per species"),
      field<&Strain::strain_summary>("strain_summary", "", "mean and quantiles of the strains, all atoms and per species"),
      field<&Strain::mean_d2min>("mean_d2min", "angstrom^2", "mean of d2min_mean over the valid atoms"),
      field<&Strain::mean_shear_strain>("mean_shear_strain", "1", "mean local von Mises strain"),
      field<&Strain::mean_volumetric_strain>("mean_volumetric_strain", "1", "mean local volumetric strain"),
      field<&Strain::d2min_sum>("d2min_sum", "angstrom^2", "non-affine squared displacement, summed over the neighbours")
          .atoms("Nonaffine Squared Displacement")
          .exact(two),
      field<&Strain::d2min_mean>("d2min_mean", "angstrom^2", "the same, mean over the neighbours").atoms("D2min Mean").exact(two),
      field<&Strain::shear_strain>("shear_strain", "1", "von Mises invariant of the Green-Lagrange strain")
          .atoms("Shear Strain")
          .exact(two),
      field<&Strain::volumetric_strain>("volumetric_strain", "1", "a third of the trace of the Green-Lagrange strain")
          .atoms("Volumetric Strain")
          .exact(two),
      field<&Strain::strain>("strain", "1", "Green-Lagrange strain xx, yy, zz, xy, xz, yz").atoms("Strain").exact(two),
      field<&Strain::rotation_angle>("rotation_angle", "rad", "angle of the polar rotation").atoms("Rotation Angle").exact(two),
      field<&Strain::rotation>("rotation", "rad", "axis of the polar rotation times its angle").atoms("Rotation Vector").exact(two),
      field<&Strain::deformation_gradient>("deformation_gradient", "1", "F, column by column: xx, yx, zx, xy, ...")
          .atoms("Deformation Gradient")
          .exact(two),
      field<&Strain::nonaffine_displacement>("nonaffine_displacement", "angstrom",
                                             "displacement beyond the cell's deformation, less its mean")
          .atoms("Nonaffine Displacement")
          .exact(two),
      field<&Strain::neighbors>("neighbors", "1", "neighbours in the reference").atoms("Strain Neighbors").exact(two),
      field<&Strain::invalid>("invalid", "1", "1: no strain could be fitted").atoms("Invalid Strain").exact(two),
  };
  return table;
}

const Analysis& strain_analysis() {
  static const Analysis entry =
      analysis<&strain>("deform", "strain", "local strain, rotation and non-affine motion (D2min) between two frames",
                        {{"Falk and Langer, Phys. Rev. E 57, 7192 (1998)", "10.1103/PhysRevE.57.7192"},
                         {"Shimizu, Ogata and Li, Mater. Trans. 48, 2923 (2007)", "10.2320/matertrans.MJ200769"}});
  return entry;
}

}  // namespace heteroglass::deform
