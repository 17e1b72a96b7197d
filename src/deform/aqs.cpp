#include "deform/aqs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/analysis.hpp"
#include "core/error.hpp"
#include "deform/aqs_path.hpp"
#include "deform/quasistatic.hpp"
#include "deform/strain.hpp"
#include "deform/stress_strain.hpp"
#include "deform/tangent_modulus.hpp"
#include "io/atomic_file.hpp"
#include "landscape/minimise.hpp"
#include "structure/first_shell.hpp"
#include "version.hpp"

namespace heteroglass::deform {
namespace {

/// Steps between checkpoints. Also where the minimiser's memory is cleared, so it is part of the result: not an option.
constexpr std::size_t interval = 20;

Mode mode(const std::string& name) {
  return name == "simple-shear" ? Mode::simple_shear : name == "pure-shear" ? Mode::pure_shear : Mode::uniaxial;
}

void check(const AqsOptions& o) {
  const double reach = o.cycles > 0 ? o.amplitude : std::abs(o.max_strain);
  if (o.strain_step > reach)
    throw InputError(fmt::format("strain_step: must not exceed the largest strain {}, got {}", reach, o.strain_step));
  if (o.strain_tolerance > o.strain_step)
    throw InputError(fmt::format("strain_tolerance: must not exceed strain_step {}, got {}", o.strain_step, o.strain_tolerance));
  if (o.mode == "uniaxial" && (o.max_strain <= -1 || (o.cycles > 0 && o.amplitude >= 1)))
    throw InputError(fmt::format("max_strain: must be above -1 in uniaxial loading, got {}", o.cycles > 0 ? -o.amplitude : o.max_strain));
  for (const double k : o.keep)
    if (o.cycles == 0 && (k * o.max_strain < 0 || std::abs(k) > std::abs(o.max_strain)))
      throw InputError(fmt::format("keep: must lie between 0 and max_strain {}, got {}", o.max_strain, k));
}

/// Of a two-dimensional system without the images above and below, which are no neighbours.
Frame in_plane(Frame f, int dimension) {
  if (dimension == 2) f.box = Box(f.box.edges(), f.box.origin(), {f.box.periodic(0), f.box.periodic(1), false});
  return f;
}

/// What has been found on the way, as it stands in a checkpoint.
struct Way {
  std::size_t done = 0;  ///< steps, the start counted
  std::vector<double> stress, energy, pressure, power, d2min, d2min_largest, residual;
  std::vector<std::vector<Vec3>> kept;
  std::vector<Mat3> kept_edges;
  std::vector<Vec3> kept_origin;
  std::vector<double> kept_strain;
  std::vector<std::size_t> drops_before;  ///< each step: number of drops so far

  template <class A> void pass(A&& archive) {
    archive(done), archive(stress), archive(energy), archive(pressure), archive(power), archive(d2min), archive(d2min_largest);
    archive(residual), archive(kept), archive(kept_edges), archive(kept_origin), archive(kept_strain), archive(drops_before);
  }
};

class Run {
 public:
  Run(const Frame& frame, const AqsOptions& o, Context& context)
      : o_(o),
        context_(context),
        potential_(potential::load(o.potential, frame, context)),
        loading_(mode(o.mode), o.plane, o.axis, potential_->dimension(), frame.box.periodicity()),
        path_(o.cycles > 0 ? cyclic_path(o.amplitude, o.strain_step, o.cycles) : straight_path(o.max_strain, o.strain_step)),
        r_cut_(structure::shell_radius(in_plane(frame, potential_->dimension()), o.r_cut)),
        file_(context.directory / ("aqs-" + key(frame).substr(0, 16) + ".checkpoint")),
        key_(key(frame)),
        frame_(frame),
        system_(potential_, frame_, loading_, settings(), context) {}

  Aqs result() {
    go();
    Aqs r;
    r.potential_reference = potential_->reference();
    r.strain = path_;
    r.stress = way_.stress, r.energy = way_.energy, r.pressure = way_.pressure;
    r.d2min_step = way_.d2min, r.d2min_step_largest = way_.d2min_largest;
    r.r_cut = r_cut_, r.least_drop = system_.least_drop();
    r.residual_force = *std::max_element(way_.residual.begin(), way_.residual.end());
    r.force_evaluations = double(system_.evaluations()), r.unconverged_steps = system_.unconverged();
    r.evaluations_per_step = r.force_evaluations / double(path_.size() - 1);
    r.drops = drops_table();
    r.cycles = cycles_table();
    for (const Drop& d : system_.drops()) r.dissipated += d.energy_drop;
    r.energy_balance = -(way_.energy.back() - way_.energy.front()) - r.dissipated;
    for (std::size_t k = 0; k + 1 < path_.size(); ++k)
      r.energy_balance += 0.5 * (way_.power[k] + way_.power[k + 1]) * (path_[k + 1] - path_[k]);
    moduli(r);
    frames(r);
    if (r.unconverged_steps > 0)
      context_.warn(fmt::format("{} relaxations did not reach the force tolerance {:.2g}; the largest residual force of a step is {:.2g}",
                                r.unconverged_steps, o_.force_tolerance, r.residual_force));
    return r;
  }

 private:
  QuasistaticSettings settings() const {
    return {.relax = {.method = landscape::method(o_.method), .force_tolerance = o_.force_tolerance},
            .least_drop = o_.least_drop,
            .strain_tolerance = o_.strain_tolerance,
            .bisect = o_.bisect,
            .moved = o_.moved,
            .stress_tolerance = o_.stress_tolerance};
  }

  std::string key(const Frame& f) const {
    io::Archive a;
    a << f.position << f.type << f.box.edges() << f.box.origin() << r_cut_ << o_.strain_step << o_.max_strain << o_.force_tolerance
      << o_.bisect << o_.strain_tolerance << o_.least_drop << o_.moved << o_.stress_tolerance << o_.keep << o_.cycles << o_.amplitude;
    return io::sha256(fmt::format("2 {} {} {} {} {} {} ", version, o_.potential, o_.mode, o_.plane, o_.axis, o_.method) + a.bytes());
  }

  void go() {
    if (!resume()) record(frame_of(system_.state()));
    Frame before = frame_of(system_.state());
    for (std::size_t k = way_.done; k < path_.size(); ++k) {
      context_.progress(double(k) / double(path_.size()), fmt::format("strain {:.4f}, {} drops", path_[k], system_.drops().size()));
      system_.go_to(path_[k]);
      Frame now = frame_of(system_.state());
      record(now, &before);
      before = std::move(now);
      if (k % interval == 0 || k + 1 == path_.size()) checkpoint();
    }
  }

  Frame frame_of(const Minimum& m) const { return landscape::moved(frame_, m.box, m.position); }

  void record(const Frame& now, const Frame* before = nullptr) {
    const Minimum& m = system_.state();
    way_.stress.push_back(loading_.stress(m.stress, m.strain)), way_.energy.push_back(m.energy);
    way_.pressure.push_back(-(m.stress[0] + m.stress[1] + m.stress[2]) / 3);
    way_.power.push_back(loading_.work(m.stress, m.strain) / system_.unit() * m.box.volume());
    way_.residual.push_back(m.residual), way_.drops_before.push_back(system_.drops().size());
    double mean = 0, largest = 0;
    if (before) {
      const Strain s = strain(*before, now, {.r_cut = r_cut_});
      for (const double d : s.d2min_mean)
        if (std::isfinite(d)) mean += d / double(s.d2min_mean.size()), largest = std::max(largest, d);
    }
    way_.d2min.push_back(mean), way_.d2min_largest.push_back(largest);
    if (is_kept(way_.done)) {
      way_.kept.push_back(m.position), way_.kept_edges.push_back(m.box.edges()), way_.kept_origin.push_back(m.box.origin());
      way_.kept_strain.push_back(m.strain);
    }
    ++way_.done;
  }

  bool is_kept(std::size_t k) const {
    const std::size_t last = path_.size() - 1;
    if (k == 0 || k == last) return true;
    if (o_.cycles > 0 && k % (last / static_cast<std::size_t>(o_.cycles)) == 0) return true;
    return std::any_of(o_.keep.begin(), o_.keep.end(), [&](double strain) { return nearest(path_, strain) == k; });
  }

  void checkpoint() {
    system_.reset();
    if (context_.directory.empty()) return;
    io::Archive out;
    way_.pass([&](auto& part) { out << part; });
    system_.save(out);
    std::filesystem::create_directories(file_.parent_path());
    io::write_archive(file_, key_, out);
  }

  bool resume() {
    if (context_.directory.empty()) return false;
    io::Archive in = io::read_archive(file_, key_);
    if (in.empty()) return false;
    way_.pass([&](auto& part) { in >> part; });
    system_.load(in);
    return true;
  }

  Table drops_table() {
    Table t;
    t.add_number("strain", "1", "where the minimum vanishes: middle of the last bisected interval");
    t.add_number("strain_error", "1", "of that interval, and of how far beyond the drop its forces still pass for zero");
    t.add_number("stress_before", "GPa"), t.add_number("stress_drop", "GPa"), t.add_number("energy_drop", "eV");
    t.add_number("atoms", "1", "displaced farther than `moved`"), t.add_number("participation", "1", "(sum u^2)^2 / sum u^4");
    t.add_number("largest_displacement", "angstrom");
    for (const char* name : {"centre_x", "centre_y", "centre_z"}) t.add_number(name, "angstrom", "weighted by the squared displacement");
    for (const Drop& d : system_.drops()) {
      const double row[] = {d.strain,        std::hypot(d.width / std::sqrt(12.0), d.late),
                            d.stress_before, d.stress_drop,
                            d.energy_drop,   d.atoms,
                            d.participation, d.largest_displacement,
                            d.centre.x,      d.centre.y,
                            d.centre.z};
      for (std::size_t c = 0; c < std::size(row); ++c) t.columns[c].number.push_back(row[c]);
    }
    return t;
  }

  Table cycles_table() const {
    Table t;
    t.add_number("cycle", "1"), t.add_number("energy", "eV", "at zero strain, behind the cycle");
    t.add_number("stress", "GPa", "at zero strain"), t.add_number("stress_largest", "GPa", "largest in the cycle");
    t.add_number("work", "eV", "area of the loop"), t.add_number("drops", "1");
    t.add_number("displacement_rms", "angstrom", "from the start of the cycle to its end, beyond the cell");
    const std::size_t length = o_.cycles > 0 ? (path_.size() - 1) / static_cast<std::size_t>(o_.cycles) : 0;
    for (int c = 0; c < o_.cycles; ++c) {
      const std::size_t from = static_cast<std::size_t>(c) * length, to = from + length;
      double work = 0, largest = 0, squares = 0;
      for (std::size_t k = from; k < to; ++k) {
        work += 0.5 * (way_.power[k] + way_.power[k + 1]) * (path_[k + 1] - path_[k]);
        largest = std::max(largest, way_.stress[k + 1]);
      }
      const std::vector<Vec3>&a = kept_at(from), &b = kept_at(to);
      Vec3 mean;
      for (std::size_t i = 0; i < a.size(); ++i) mean += (b[i] - a[i]) / double(a.size());
      for (std::size_t i = 0; i < a.size(); ++i) squares += norm2(b[i] - a[i] - mean) / double(a.size());
      const double row[] = {
          double(c + 1),     way_.energy[to], way_.stress[to], largest, work, double(way_.drops_before[to] - way_.drops_before[from]),
          std::sqrt(squares)};
      for (std::size_t k = 0; k < std::size(row); ++k) t.columns[k].number.push_back(row[k]);
    }
    return t;
  }

  const std::vector<Vec3>& kept_at(std::size_t step) const {
    std::size_t found = 0;
    for (std::size_t k = 0; k < step; ++k) found += is_kept(k);
    return way_.kept[found];
  }

  void moduli(Aqs& r) const {
    const auto first_drop = static_cast<std::size_t>(
        std::find_if(way_.drops_before.begin(), way_.drops_before.end(), [](std::size_t n) { return n > 0; }) - way_.drops_before.begin());
    const std::vector<Drop>& drops = system_.drops();
    Measured slope = initial_slope(path_, way_.stress, first_drop, drops.empty() ? std::nullopt : std::optional(drops.front().strain));
    const Frame start = landscape::moved(frame_, Box(way_.kept_edges[0], way_.kept_origin[0], frame_.box.periodicity()), way_.kept[0]);
    r.modulus_static = tangent_modulus(start, potential_, loading_, std::max(o_.force_tolerance, way_.residual[0]), context_);
    const double off = std::abs(slope.value - r.modulus_static.value);
    if (off > slope.error) slope.error = off, slope.note += "; error: distance to modulus_static";
    if (off > 0.01 * std::abs(r.modulus_static.value))
      context_.warn(fmt::format(
          "the slope of the curve, {:.4g} {}, differs from that at zero strain, {:.4g}: the curve bends within its first points, as "
          "it does near a drop, also one of the other direction",
          slope.value, unit_in(frame_.units, "GPa"), r.modulus_static.value));
    const std::string other = loading_.uniaxial() ? "uniaxial loading gives Young's modulus" : "shear gives the shear modulus";
    (loading_.uniaxial() ? r.youngs_modulus : r.shear_modulus) = std::move(slope);
    (loading_.uniaxial() ? r.shear_modulus : r.youngs_modulus).note = other;
    yield(r);
  }

  void yield(Aqs& r) const {
    std::string why = "not sought in cyclic loading";
    if (o_.cycles == 0) {
      std::vector<double> strain, stress;  // loading the other way is mirrored
      const double sign = o_.max_strain < 0 ? -1 : 1;
      for (std::size_t k = 0; k < path_.size(); ++k) strain.push_back(sign * path_[k]), stress.push_back(sign * way_.stress[k]);
      const auto within = static_cast<std::size_t>(std::upper_bound(strain.begin(), strain.end(), o_.modulus_strain) - strain.begin());
      if (within >= 5 && strain.size() >= 20) {
        const StressStrain s = stress_strain(strain, stress, o_.modulus_strain, o_.windows);
        r.yield_strain = s.yield_strain, r.yield_stress = s.yield_stress, r.peak_strain = s.peak_strain, r.peak_stress = s.peak_stress;
        return;
      }
      why = fmt::format("needs 20 steps, and 5 below modulus_strain; got {} and {}", strain.size(), within);
    }
    for (Measured* m : {&r.yield_strain, &r.yield_stress, &r.peak_strain, &r.peak_stress}) m->note = why;
  }

  void frames(Aqs& r) const {
    for (std::size_t k = 0; k < way_.kept.size(); ++k) {
      const Box box(way_.kept_edges[k], way_.kept_origin[k], frame_.box.periodicity());
      r.configuration.push_back(landscape::moved(frame_, box, way_.kept[k]));
      r.configuration.back().timestep = static_cast<std::int64_t>(k);
    }
    r.frame_strain = way_.kept_strain;
    Strain s = strain(r.configuration.front(), r.configuration.back(), {.r_cut = r_cut_});
    r.d2min_sum = std::move(s.d2min_sum), r.d2min_mean = std::move(s.d2min_mean), r.shear_strain = std::move(s.shear_strain);
    r.nonaffine_displacement = std::move(s.nonaffine_displacement);
  }

  const AqsOptions& o_;
  Context& context_;
  std::shared_ptr<const potential::Potential> potential_;
  Loading loading_;
  std::vector<double> path_;
  double r_cut_;
  std::filesystem::path file_;
  std::string key_;
  const Frame& frame_;
  Quasistatic system_;
  Way way_;
};

std::string cost(const AqsOptions& o, double atoms) {
  check(o);
  const double steps = (o.cycles > 0 ? 4 * o.cycles * o.amplitude : std::abs(o.max_strain)) / o.strain_step;
  return fmt::format(
      "{:.0f} steps of about 80 force evaluations and some 3,000 more for each drop; about {:.2g} minutes on one core with "
      "an embedded-atom potential, half of it with drops",
      steps, steps * 160 * atoms * 2.5e-6 / 60);
}

}  // namespace

Aqs aqs(const Frame& frame, const AqsOptions& options, Context& context) {
  check(options);
  return Run(frame, options, context).result();
}

const Fields& AqsOptions::fields() {
  static const Fields table = {
      field<&AqsOptions::potential>("potential", "", "file, alias or name of the interatomic potential"),
      field<&AqsOptions::mode>("mode", "", "how the cell is strained").one_of({"simple-shear", "pure-shear", "uniaxial"}),
      field<&AqsOptions::plane>("plane", "", "of shear: displacement along the first letter, gradient along the second")
          .one_of({"xy", "xz", "yz"}),
      field<&AqsOptions::axis>("axis", "", "of uniaxial loading").one_of({"x", "y", "z"}),
      field<&AqsOptions::strain_step>("strain_step", "1", "strain of a step").range(1e-9, 0.1),
      field<&AqsOptions::max_strain>("max_strain", "1", "strain at the end; negative: loaded the other way").range(-10, 10),
      field<&AqsOptions::force_tolerance>("force_tolerance", "eV/angstrom", "largest force on an atom in a minimum").positive(),
      field<&AqsOptions::method>("method", "", "minimiser").one_of({"lbfgs", "fire", "newton"}),
      field<&AqsOptions::bisect>("bisect", "", "locate each drop by bisection; without, a drop lies anywhere in its step"),
      field<&AqsOptions::strain_tolerance>("strain_tolerance", "1", "interval to which a drop is located").range(1e-12, 0.1),
      field<&AqsOptions::least_drop>("least_drop", "eV", "heat of a step from which it counts as a drop").positive(),
      field<&AqsOptions::moved>("moved", "angstrom", "displacement from which an atom counts as moved by a drop").positive(),
      field<&AqsOptions::stress_tolerance>("stress_tolerance", "GPa", "of the lateral stress in uniaxial loading").positive(),
      field<&AqsOptions::keep>("keep", "1", "strains of configurations to keep beside the first and the last"),
      field<&AqsOptions::cycles>("cycles", "1", "cycles 0, A, -A, 0 instead of one way; 0: one way").range(0, 1e6),
      field<&AqsOptions::amplitude>("amplitude", "1", "strain amplitude A of the cycles").range(1e-9, 1),
      field<&AqsOptions::modulus_strain>("modulus_strain", "1", "end of the line that yield is measured from").positive(),
      field<&AqsOptions::windows>("windows", "1", "windows of strain in the search for yield").range(5, 10000),
      field<&AqsOptions::r_cut>("r_cut", "angstrom", "neighbours of D2min; first minimum of g(r) when not given").positive(),
  };
  return table;
}

const Fields& Aqs::fields() {
  const std::string minimum = "of one configuration, to the force tolerance";
  static const Fields table = {
      field<&Aqs::strain>("strain", "1", "imposed strain").exact("imposed"),
      field<&Aqs::stress>("stress", "GPa", "stress that does the work of the strain").over("strain").exact(minimum),
      field<&Aqs::energy>("energy", "eV", "potential energy of the minimum").over("strain").exact(minimum),
      field<&Aqs::pressure>("pressure", "GPa", "minus the mean normal stress").over("strain").exact(minimum),
      field<&Aqs::d2min_step>("d2min_step", "angstrom^2", "D2min (mean over neighbours) of the step, mean over the atoms")
          .over("strain")
          .exact(minimum),
      field<&Aqs::d2min_step_largest>("d2min_step_largest", "angstrom^2", "the same, largest atom").over("strain").exact(minimum),
      field<&Aqs::shear_modulus>("shear_modulus", "GPa", "initial slope of the first elastic branch"),
      field<&Aqs::youngs_modulus>("youngs_modulus", "GPa", "the same of uniaxial loading"),
      field<&Aqs::modulus_static>("modulus_static", "GPa",
                                  "the slope at zero strain from second derivatives (Born less nonaffine), without any step"),
      field<&Aqs::yield_strain>("yield_strain", "1", "where the curve meets the line up to modulus_strain shifted by 0.002"),
      field<&Aqs::yield_stress>("yield_stress", "GPa", "stress there"),
      field<&Aqs::peak_strain>("peak_strain", "1", "strain of the highest window"),
      field<&Aqs::peak_stress>("peak_stress", "GPa", "stress there"),
      field<&Aqs::drops>("drops", "", "plastic events in order"),
      field<&Aqs::cycles>("cycles", "", "cycles in order").exact(minimum),
      field<&Aqs::dissipated>("dissipated", "eV", "energy released in drops").exact(minimum),
      field<&Aqs::energy_balance>("energy_balance", "eV",
                                  "work less change of energy less what drops released: zero but for the steps' length")
          .exact("a check"),
      field<&Aqs::force_evaluations>("force_evaluations", "1", "evaluations of forces").exact("counted"),
      field<&Aqs::evaluations_per_step>("evaluations_per_step", "1", "the same by the number of steps").exact("counted"),
      field<&Aqs::residual_force>("residual_force", "eV/angstrom", "largest force on an atom in any step").exact(minimum),
      field<&Aqs::unconverged_steps>("unconverged_steps", "1", "relaxations that did not reach the force tolerance").exact("counted"),
      field<&Aqs::least_drop>("least_drop", "eV", "heat from which a step counts as a drop, raised where the force tolerance is too coarse")
          .exact("chosen"),
      field<&Aqs::r_cut>("r_cut", "angstrom", "neighbours of D2min").exact("given, or the first minimum of g(r)"),
      field<&Aqs::frame_strain>("frame_strain", "1", "strain of each kept configuration").exact("imposed"),
      field<&Aqs::configuration>("configuration", "", "kept configurations, the first at zero strain").exact("one configuration each"),
      field<&Aqs::d2min_sum>("d2min_sum", "angstrom^2", "D2min from the first to the last configuration, summed over neighbours")
          .atoms("Nonaffine Squared Displacement")
          .exact(minimum),
      field<&Aqs::d2min_mean>("d2min_mean", "angstrom^2", "the same, mean over neighbours").atoms("D2min Mean").exact(minimum),
      field<&Aqs::shear_strain>("shear_strain", "1", "von Mises strain from the first to the last configuration")
          .atoms("Shear Strain")
          .exact(minimum),
      field<&Aqs::nonaffine_displacement>("nonaffine_displacement", "angstrom", "displacement beyond the cell's, less its mean")
          .atoms("Nonaffine Displacement")
          .exact(minimum),
      field<&Aqs::potential_reference>("potential_reference", "", "who made the potential").exact("text"),
  };
  return table;
}

const Analysis& aqs_analysis() {
  static const Analysis entry = [] {
    Analysis a = analysis<&aqs>("deform", "aqs", "athermal quasistatic shear or tension, every plastic drop located",
                                {{"Malandro, Lacks, J. Chem. Phys. 110, 4593 (1999)", "10.1063/1.478340"},
                                 {"Maloney, Lemaitre, Phys. Rev. E 74, 016118 (2006)", "10.1103/PhysRevE.74.016118"},
                                 {"Falk, Langer, Phys. Rev. E 57, 7192 (1998) (D2min)", "10.1103/PhysRevE.57.7192"}});
    a.cost = [](const void* options, double atoms) { return cost(*static_cast<const AqsOptions*>(options), atoms); };
    return a;
  }();
  return entry;
}

}  // namespace heteroglass::deform
