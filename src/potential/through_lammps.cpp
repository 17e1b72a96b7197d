#include "potential/through_lammps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "engine/potential.hpp"
#include "potential/kim_table.hpp"
#include "potential/lammps_process.hpp"

namespace heteroglass::potential {
namespace {

constexpr double step = 1e-4;         // [angstrom, sigma] of differences of forces
constexpr double strain_step = 1e-5;  // of differences under strain

/// H = Q T with T one of LAMMPS' cells (a along x, b in the xy plane).
struct Turned {
  Mat3 turn = Mat3::identity();
  Box box;
};

Turned turned(const Box& box) {
  if (box.is_lammps()) return {Mat3::identity(), box};
  const Vec3 a = box.edge(0), x = a / norm(a), b = box.edge(1), rest = b - dot(b, x) * x, y = rest / norm(rest), z = cross(x, y);
  const Mat3 q = Mat3::columns(x, y, z);
  Mat3 t = transpose(q) * box.edges();
  t[1][0] = t[2][0] = t[2][1] = 0;
  return {q, Box(t, transpose(q) * box.origin(), box.periodicity())};
}

Mat3 matrix(const Voigt& w) { return {{{{w[0], w[5], w[4]}, {w[5], w[1], w[3]}, {w[4], w[3], w[2]}}}}; }
Voigt voigt(const Mat3& m) { return {m[0][0], m[1][1], m[2][2], m[1][2], m[0][2], m[0][1]}; }
Voigt turned_back(const Mat3& q, const std::array<double, 6>& w) { return voigt(q * matrix(w) * transpose(q)); }

/// 1 + e for a Voigt component.
Mat3 strain(std::size_t component, double e) {
  static constexpr std::size_t axes[6][2] = {{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}};
  const auto [p, q] = axes[component];
  Mat3 m = Mat3::identity();
  if (p == q)
    m[p][p] += e;
  else
    m[p][q] = m[q][p] = e / 2;
  return m;
}

class LammpsCalculator final : public Calculator {
 public:
  LammpsCalculator(const Frame& frame, const LammpsCommands& commands) : size_(frame.size()) {
    const Turned t = turned(frame.box);
    Frame start = frame;
    for (Vec3& r : start.position) r = transpose(t.turn) * r;
    start.box = t.box;
    process_ = std::make_unique<LammpsProcess>(start, commands);
  }
  std::size_t size() const override { return size_; }
  double cutoff() const { return process_->cutoff(); }

  double forces(const Box& box, std::span<const Vec3> position, std::span<Vec3> force, Voigt* virial) override {
    ++evaluations_;
    const Turned t = turned(box);
    const LammpsProcess::Answer& a = ask(t, position, false);
    for (std::size_t i = 0; i < size_; ++i) force[i] = t.turn * a.rows[i].force;
    if (virial) *virial = turned_back(t.turn, a.virial);
    return a.energy;
  }

  PerAtom per_atom(const Box& box, std::span<const Vec3> position) override {
    const Turned t = turned(box);
    const LammpsProcess::Answer& a = ask(t, position, true);
    PerAtom out;
    for (const LammpsProcess::Row& row : a.rows) {
      out.energy.push_back(row.extra[0]);
      out.virial.push_back(turned_back(t.turn, {row.extra[1], row.extra[2], row.extra[3], row.extra[4], row.extra[5], row.extra[6]}));
    }
    return out;
  }

  void expand(const Box& box, std::span<const Vec3> position) override { box_ = box, position_.assign(position.begin(), position.end()); }

  void hessian_product(std::span<const Vec3> v, std::span<Vec3> out, std::size_t vectors) override {
    std::vector<Vec3> r(size_), plus(size_), minus(size_);
    for (std::size_t c = 0; c < vectors; ++c) {
      const auto u = v.subspan(c * size_, size_);
      double longest = 0;
      for (const Vec3& x : u) longest = std::max(longest, norm(x));
      const double h = longest > 0 ? step / longest : 0;
      const auto at = [&](double s, std::vector<Vec3>& f) {
        for (std::size_t i = 0; i < size_; ++i) r[i] = position_[i] + s * u[i];
        forces(box_, r, f, nullptr);
      };
      if (h > 0) at(h, plus), at(-h, minus);
      for (std::size_t i = 0; i < size_; ++i) out[c * size_ + i] = h > 0 ? (minus[i] - plus[i]) / (2 * h) : Vec3{};
    }
  }

  BlockMatrix hessian() override {
    std::vector<Mat3> all(size_ * size_);
    std::vector<Vec3> v(size_), column(size_);
    double largest = 0;
    for (std::size_t j = 0; j < size_; ++j)
      for (std::size_t b = 0; b < 3; ++b) {
        v[j][b] = 1;
        hessian_product(v, column, 1);
        v[j][b] = 0;
        for (std::size_t i = 0; i < size_; ++i)
          for (std::size_t a = 0; a < 3; ++a) {
            all[i * size_ + j][a][b] += column[i][a] / 2, all[j * size_ + i][b][a] += column[i][a] / 2;  // symmetric
            largest = std::max(largest, std::abs(column[i][a]));
          }
      }
    BlockMatrix h;
    h.atoms = size_, h.row = {0};
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t j = 0; j < size_; ++j) {
        double most = 0;
        for (const auto& row : all[i * size_ + j].m)
          for (const double x : row) most = std::max(most, std::abs(x));
        // What is below the noise of the differences is no neighbour.
        if (i == j || most > 1e-9 * largest) h.column.push_back(static_cast<std::int32_t>(j)), h.block.push_back(all[i * size_ + j]);
      }
      h.row.push_back(static_cast<std::int64_t>(h.column.size()));
    }
    return h;
  }
  double hessian_bytes() override { return 2.0 * static_cast<double>(size_ * size_) * sizeof(Mat3); }

  BornTerms born() override {
    BornTerms out;
    std::vector<Vec3> f(size_), plus(size_), minus(size_);
    Voigt w{}, w_plus{}, w_minus{};
    forces(box_, position_, f, &w);
    for (std::size_t a = 0; a < 6; ++a) out.stress[a] = w[a] / box_.volume();
    out.force.resize(size_);
    for (std::size_t a = 0; a < 6; ++a) {
      strained(a, strain_step, [&](const Box& box, const std::vector<Vec3>& r) { forces(box, r, plus, &w_plus); });
      strained(a, -strain_step, [&](const Box& box, const std::vector<Vec3>& r) { forces(box, r, minus, &w_minus); });
      const Voigt rise = stiffness_column(a, w_plus, w_minus);
      for (std::size_t b = 0; b < 6; ++b)
        out.stiffness[a][b] += rise[b] / box_.volume() / 2, out.stiffness[b][a] += rise[b] / box_.volume() / 2;
      for (std::size_t i = 0; i < size_; ++i) out.force[i][a] = (plus[i] - minus[i]) / (2 * strain_step);
    }
    return out;
  }

  std::vector<Stiffness> born_per_atom() override {
    std::vector<Stiffness> out(size_);
    for (std::size_t a = 0; a < 6; ++a) {
      PerAtom plus, minus;
      strained(a, strain_step, [&](const Box& box, const std::vector<Vec3>& r) { plus = per_atom(box, r); });
      strained(a, -strain_step, [&](const Box& box, const std::vector<Vec3>& r) { minus = per_atom(box, r); });
      for (std::size_t i = 0; i < size_; ++i) {
        const Voigt rise = stiffness_column(a, plus.virial[i], minus.virial[i]);
        for (std::size_t b = 0; b < 6; ++b) out[i][a][b] += rise[b] / 2, out[i][b][a] += rise[b] / 2;
      }
    }
    return out;
  }

 private:
  const LammpsProcess::Answer& ask(const Turned& t, std::span<const Vec3> position, bool per_atom) {
    if (t.turn == Mat3::identity()) return process_->evaluate(t.box, position, per_atom);
    std::vector<Vec3> r(position.begin(), position.end());
    for (Vec3& x : r) x = transpose(t.turn) * x;
    return process_->evaluate(t.box, r, per_atom);
  }
  template <class Use> void strained(std::size_t component, double e, const Use& use) const {
    const Mat3 g = strain(component, e);
    std::vector<Vec3> r = position_;
    for (Vec3& x : r) x = g * x;
    use(Box(g * box_.edges(), g * box_.origin(), box_.periodicity()), r);
  }
  /// d/d(eta) of F^-1 W F^-T, the derivative of the energy by Green-Lagrange strain.
  static Voigt stiffness_column(std::size_t a, const Voigt& plus, const Voigt& minus) {
    const auto pulled_back = [&](const Voigt& w, double e) {
      const Mat3 back = inverse(strain(a, e));
      return voigt(back * matrix(w) * transpose(back));
    };
    const Voigt p = pulled_back(plus, strain_step), m = pulled_back(minus, -strain_step);
    Voigt out{};
    for (std::size_t b = 0; b < 6; ++b) out[b] = (p[b] - m[b]) / (2 * strain_step);
    return out;
  }

  std::size_t size_;
  std::unique_ptr<LammpsProcess> process_;
  Box box_;
  std::vector<Vec3> position_;
};

class Lammps final : public Potential {
 public:
  Lammps(std::string name, const Frame& frame) : name_(std::move(name)), units_(frame.units) {
    if (name_.starts_with("lammps:")) {
      file_ = name_.substr(7);
      std::ifstream in(file_);
      std::ostringstream text;
      text << in.rdbuf();
      if (!in || text.str().empty())
        throw InputError(fmt::format("potential: lammps:FILE must name a file with pair_style commands, got '{}'", file_));
      script_ = text.str();
      reference_ = fmt::format("LAMMPS commands of {}", file_);
    } else {
      reference_ = engine::find_potential(name_, {}).reference;
    }
    try {
      cutoff_ = LammpsCalculator(frame, commands(frame)).cutoff();
    } catch (const EngineError& e) {
      if (std::string_view(e.what()).find("KIM Model name not found") == std::string_view::npos) throw;
      const std::string model = name_.substr(name_.find(':') + 1);
      throw InputError(
          fmt::format("potential: kim:MODEL must be an installed OpenKIM model, got '{}'{}; see kim-api-collections-management list", model,
                      did_you_mean(model, kim_models())));
    }
  }
  std::string name() const override { return name_; }
  std::string reference() const override { return reference_; }
  double cutoff() const override { return cutoff_; }
  double range() const override { return 2 * cutoff_; }
  UnitSystem units() const override { return units_; }
  std::string caution() const override {
    return fmt::format("{} is evaluated by a LAMMPS process: slower, and second derivatives are differences of forces", name_);
  }
  std::unique_ptr<Calculator> calculator(const Frame& frame) const override {
    return std::make_unique<LammpsCalculator>(frame, commands(frame));
  }

 private:
  LammpsCommands commands(const Frame& frame) const {
    std::vector<std::string> symbols;
    if (script_.empty() || script_.find("{species}") != std::string::npos) frame.require_species_names();
    for (const Species& s : frame.species) symbols.push_back(s.name);
    if (script_.empty()) {
      const engine::Potential kim = engine::find_potential(name_, {});
      return {kim.commands_before(), kim.commands_after(symbols), false};
    }
    LammpsCommands out{frame.units == UnitSystem::lj ? "units lj\natom_style atomic\n" : "units metal\natom_style atomic\n", "", true};
    std::istringstream lines(script_);
    for (std::string line, word; std::getline(lines, line);) {
      for (std::size_t at; (at = line.find("{species}")) != std::string::npos;)
        line.replace(at, 9, fmt::format("{}", fmt::join(symbols, " ")));
      word.clear();
      std::istringstream(line) >> word;
      if (word == "units" || word == "atom_style" || word == "boundary") continue;  // said already
      const bool before = word == "newton" || word == "atom_modify" || word == "package" || word == "suffix" || word == "processors";
      (before ? out.before : out.after) += line + "\n";
    }
    return out;
  }

  std::string name_, file_, script_, reference_;
  UnitSystem units_;
  double cutoff_ = 0;
};

}  // namespace

bool is_lammps(const std::string& name) { return name.starts_with("kim:") || name.starts_with("lammps:"); }

std::shared_ptr<const Potential> lammps(const std::string& name, const Frame& frame) { return std::make_shared<Lammps>(name, frame); }

}  // namespace heteroglass::potential
