#include "potential/lennard_jones.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <numbers>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "potential/functional_calculator.hpp"
#include "potential/sphere_kernel.hpp"

namespace heteroglass::potential {
namespace {

struct Model {
  std::string name, about, reference;
  int species = 2;
  std::array<double, 3> sigma{1, 1, 1}, epsilon{1, 1, 1};  ///< AA, AB, BB
  double repulsion = 4, attraction = 4;                    ///< A, B
  double x_cut = 2.5;
  bool polydisperse = false;
  double non_additivity = 0;
  bool flat = false;
};

const std::vector<Model>& models() {
  static const std::vector<Model> table = [] {
    const double degree = std::numbers::pi / 180;
    const std::string kob = "Kob, Andersen, Phys. Rev. E 51, 4626 (1995), doi:10.1103/PhysRevE.51.4626";
    const std::string wahn = "Wahnstrom, Phys. Rev. A 44, 3752 (1991), doi:10.1103/PhysRevA.44.3752";
    const std::string soft = "Ninarello, Berthier, Coslovich, Phys. Rev. X 7, 021039 (2017), doi:10.1103/PhysRevX.7.021039";
    std::vector<Model> out = {
        {"lj:kob-andersen", "Kob-Andersen mixture (usually 80:20), 3-D", kob, 2, {1, 0.8, 0.88}, {1, 1.5, 0.5}},
        {"lj:wahnstrom", "Wahnstrom mixture (50:50), 3-D", wahn, 2, {1, 11.0 / 12, 5.0 / 6}},
        {"lj:lancon-2d",
         "quasicrystal-forming mixture of large (A) and small (B) discs, 2-D",
         "Lancon, Billard, Chaudhari, Europhys. Lett. 2, 625 (1986), doi:10.1209/0295-5075/2/8/009; Falk, Langer, Phys. Rev. E 57, 7192 "
         "(1998), doi:10.1103/PhysRevE.57.7192",
         2,
         {2 * std::sin(36 * degree), 1, 2 * std::sin(18 * degree)},
         {0.5, 1, 0.5}},
        {"lj:one-component", "one-component Lennard-Jones, 3-D", "Lennard-Jones 12-6", 1},
        {"lj:polydisperse", "Lennard-Jones spheres with a diameter each, 3-D", "Lennard-Jones 12-6", 1},
        {"soft-sphere:polydisperse", "inverse-power spheres (r^-12) with a diameter each, non-additive, 3-D", soft, 1},
    };
    out[4].polydisperse = out[5].polydisperse = true;
    out[5].repulsion = 1, out[5].attraction = 0, out[5].x_cut = 1.25, out[5].non_additivity = 0.2;
    for (std::size_t k = 0, n = out.size(); k < n; ++k) {
      if (out[k].name.ends_with("-2d")) {
        out[k].flat = true;
        continue;
      }
      Model flat = out[k];
      flat.flat = true, flat.name += "-2d";
      flat.about = flat.name == "lj:kob-andersen-2d" ? "Kob-Andersen mixture (usually 65:35), 2-D"
                                                     : flat.about.substr(0, flat.about.size() - 3) + "2-D";
      out.push_back(flat);
    }
    return out;
  }();
  return table;
}

class Spheres final : public Functional {
 public:
  Spheres(const Model& m, double cutoff, Kernel kernel)
      : model_(m), shape_(m.repulsion, m.attraction, m.x_cut), cutoff_(cutoff), kernel_(kernel) {}
  double cutoff() const override { return cutoff_; }

  RowForce force(const Neighborhood& near, std::size_t local, bool virial) const override {
    const Neighborhood::Place& self = near.at(local);
    SphereRow row{self, near.place_data(), shape_, model_.non_additivity, model_.x_cut * model_.x_cut};
    row.polydisperse = model_.polydisperse;
    SphereSums sums;
    for (int kind = 0; kind < near.species_count(); ++kind) {
      const Neighborhood::Segment& segment = near.segment(local, kind);
      const auto ab = static_cast<std::size_t>(near.species(local)) + static_cast<std::size_t>(kind);
      row.places = segment.places, row.padded = segment.padded;
      row.inverse_sigma2 = 1 / (model_.sigma[ab] * model_.sigma[ab]), row.epsilon = model_.epsilon[ab];
      add_spheres(row, virial, kernel_, sums);
    }
    return {{sums.fx, sums.fy, sums.fz}, sums.energy / 2, {sums.xx / 2, sums.yy / 2, sums.zz / 2, sums.yz / 2, sums.xz / 2, sums.xy / 2}};
  }

  PairTerms pair(int species, int other, double r, double diameter, double other_diameter) const override {
    const auto ab = static_cast<std::size_t>(species) + static_cast<std::size_t>(other);
    double sigma = model_.sigma[ab];
    if (model_.polydisperse) sigma = 0.5 * (diameter + other_diameter) * (1 - model_.non_additivity * std::abs(diameter - other_diameter));
    const double inverse = 1 / (sigma * sigma), x2 = r * r * inverse, e = model_.epsilon[ab];
    if (x2 >= model_.x_cut * model_.x_cut) return {};
    const double i2 = 1 / x2, i6 = i2 * i2 * i2, a = shape_.repulsion, b = shape_.attraction;
    PairTerms p;
    p.phi = e * ((a * i6 - b) * i6 + shape_.c0 + (shape_.c2 + shape_.c4 * x2) * x2);
    p.t = e * 2 * inverse * ((-6 * a * i6 + 3 * b) * i6 * i2 + shape_.c2 + 2 * shape_.c4 * x2);
    p.s = e * 4 * inverse * inverse * ((42 * a * i6 - 12 * b) * i6 * i2 * i2 + 2 * shape_.c4);
    return p;
  }

 private:
  Model model_;
  SphereShape shape_;
  double cutoff_;
  Kernel kernel_;
};

std::vector<double> diameters(const Frame& frame, const std::string& name) {
  for (const char* wanted : {"diameter", "Diameter", "radius", "Radius"})
    if (const AtomProperty* p = frame.property(wanted)) {
      std::vector<double> out = p->values;
      if (out.size() != frame.size())
        throw InputError(fmt::format("{}: {} must have one value an atom, got {}", name, wanted, p->components));
      for (std::size_t i = 0; i < out.size(); ++i) {
        if (!(out[i] > 0) || !std::isfinite(out[i]))
          throw InputError(fmt::format("{}: {} must be positive, got {} for atom {}", name, wanted, out[i], frame.id[i]));
        if (wanted[0] == 'r' || wanted[0] == 'R') out[i] *= 2;
      }
      return out;
    }
  throw InputError(fmt::format("{}: {} must hold a per-atom property 'diameter' (or 'radius'), got none of that name", name, frame.source));
}

class LennardJones final : public Potential {
 public:
  LennardJones(Model model, std::string name, Kernel kernel) : model_(std::move(model)), name_(std::move(name)), kernel_(kernel) {}
  std::string name() const override { return name_; }
  std::string reference() const override { return model_.reference; }
  double cutoff() const override { return model_.x_cut * *std::max_element(model_.sigma.begin(), model_.sigma.end()); }
  double range() const override { return cutoff(); }
  int dimension() const override { return model_.flat ? 2 : 3; }
  UnitSystem units() const override { return UnitSystem::lj; }

  std::unique_ptr<Calculator> calculator(const Frame& frame) const override {
    if (frame.units != UnitSystem::lj)
      throw InputError(
          fmt::format("{}: the frame must be in Lennard-Jones units (--units lj), got {}", name_, heteroglass::name(frame.units)));
    FunctionalSystem system;
    system.flat = model_.flat, system.skin = 0.3, system.species_count = model_.species;
    const std::vector<int> kinds = species(frame);
    for (const int t : frame.type) system.species.push_back(model_.polydisperse ? 0 : kinds[static_cast<std::size_t>(t)]);
    double cut = cutoff();
    if (model_.polydisperse) {
      system.diameter = diameters(frame, name_);
      cut = model_.x_cut * *std::max_element(system.diameter.begin(), system.diameter.end());
    }
    return std::make_unique<FunctionalCalculator>(std::make_shared<Spheres>(model_, cut, kernel_), std::move(system));
  }

 private:
  /// Index in the model of each species of the frame: A, B by name, else in order of type.
  std::vector<int> species(const Frame& frame) const {
    std::vector<int> out;
    const bool polydisperse = model_.polydisperse;
    if (!polydisperse && static_cast<int>(frame.species.size()) > model_.species)
      throw InputError(fmt::format("{}: a frame must hold at most {} species, got {}", name_, model_.species, frame.species.size()));
    for (std::size_t s = 0; s < frame.species.size(); ++s) {
      const std::string& symbol = frame.species[s].name;
      if (symbol.empty() || polydisperse || model_.species == 1) {
        out.push_back(static_cast<int>(s));
      } else if (symbol == "A" || symbol == "B") {
        out.push_back(symbol == "A" ? 0 : 1);
      } else {
        throw InputError(fmt::format("{}: species must be A and B (or types without names), got {}", name_, symbol));
      }
    }
    return out;
  }

  Model model_;
  std::string name_;
  Kernel kernel_;
};

}  // namespace

bool is_lennard_jones(const std::string& name) { return name.starts_with("lj:") || name.starts_with("soft-sphere:"); }

std::vector<std::pair<std::string, std::string>> lennard_jones_models() {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Model& m : models()) out.emplace_back(m.name, m.about);
  return out;
}

std::shared_ptr<const Potential> lennard_jones(const std::string& name, Kernel kernel) {
  const std::size_t comma = name.find(',');
  const std::string base = name.substr(0, comma);
  std::vector<std::string> known;
  for (const Model& m : models()) {
    known.push_back(m.name);
    if (m.name != base) continue;
    Model chosen = m;
    if (comma != std::string::npos) {
      const std::string option = name.substr(comma + 1), key = "cutoff=";
      double x = 0;
      const char* end = option.data() + option.size();
      const bool number = option.starts_with(key) && std::from_chars(option.data() + key.size(), end, x).ptr == end;
      if (!number || !(x > 1) || !(x < 1e4))
        throw InputError(fmt::format("potential: after {}, must stand cutoff=NUMBER above 1 (in diameters), got '{}'", base, option));
      chosen.x_cut = x;
    }
    return std::make_shared<LennardJones>(chosen, name, kernel);
  }
  throw InputError(fmt::format("potential: must be one of {}, got '{}'{}", fmt::join(known, ", "), base, did_you_mean(base, known)));
}

}  // namespace heteroglass::potential
