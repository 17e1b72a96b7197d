#include "landscape/local_yield.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>
#include <numeric>
#include <random>

#include "core/analysis.hpp"
#include "core/error.hpp"
#include "io/archive.hpp"
#include "io/atomic_file.hpp"
#include "landscape/harmonic.hpp"
#include "landscape/local_region.hpp"
#include "landscape/relax.hpp"
#include "numeric/rank.hpp"
#include "numeric/sample_mean.hpp"
#include "structure/first_shell.hpp"
#include "version.hpp"

namespace heteroglass::landscape {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Indices of the atoms to test, ascending.
std::vector<std::size_t> chosen(const Frame& f, const LocalYieldOptions& o) {
  std::vector<std::size_t> all(f.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (o.centres == "all") return all;
  std::vector<long> numbers;
  for (std::string rest = o.centres; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    char* end = nullptr;
    const std::string word = rest.substr(0, comma);
    numbers.push_back(std::strtol(word.c_str(), &end, 10));
    if (word.empty() || *end != 0)
      throw InputError(fmt::format("centres: must be all, a number of atoms, or ids with commas (17, for one), got {}", o.centres));
    rest = comma == rest.size() ? "" : rest.substr(comma + 1);
  }
  if (o.centres.find(',') == std::string::npos) {
    if (numbers.empty() || numbers[0] < 1)
      throw InputError(fmt::format("centres: must be all, a number of atoms, or ids with commas (17, for one), got {}", o.centres));
    std::mt19937_64 random(static_cast<std::uint64_t>(o.seed));
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random() % i]);
    all.resize(std::min(all.size(), static_cast<std::size_t>(numbers[0])));
    std::sort(all.begin(), all.end());
    return all;
  }
  std::vector<std::size_t> out;
  for (const long id : numbers) {
    const auto at = std::lower_bound(f.id.begin(), f.id.end(), id);
    if (at == f.id.end() || *at != id) throw InputError(fmt::format("centres: must be ids of {}, got {}", f.source, id));
    out.push_back(static_cast<std::size_t>(at - f.id.begin()));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// One centre at one radius.
struct Task {
  double multiple = 0;
  std::size_t centre = 0;
};

/// What it gave: a test for each shear, and one of dilatation.
struct Tested {
  char done = 0;
  double inner = 0, simulated = 0;
  std::vector<LocalYield> shear;
  LocalYield tension{nan, nan, nan, 0};
};

class Survey {
 public:
  Survey(const Frame& frame, const LocalYieldOptions& o, Context& context) : frame_(frame), o_(o), context_(context) {
    potential_ = potential::load(o.potential, frame, context);
    dimension_ = potential_->dimension();
    settle();
    if (dimension_ == 2 && o.plane != "xy") throw InputError(fmt::format("plane: must be xy in two dimensions, got {}", o.plane));
    first_peak_ = o.radius ? nan : peak();
    radius_ = o.radius ? *o.radius : o.radius_multiple * first_peak_;
    shears_ = shears(o.orientations.value_or(dimension_ == 2 ? 18 : 12), dimension_);
    centres_ = chosen(frame, o);
    for (const std::size_t c : centres_) tasks_.push_back({0, c});
    const std::size_t few = std::min(centres_.size(), static_cast<std::size_t>(o.sensitivity_centres));
    for (const double multiple : o.sensitivity)
      for (std::size_t k = 0; k < few; ++k) tasks_.push_back({multiple, centres_[k]});
    tested_.resize(tasks_.size());
    key_ = key();
    file_ = context.directory / ("local-yield-" + key_.substr(0, 16) + ".checkpoint");
  }

  void run() {
    resume();
    std::exception_ptr failure;
    std::mutex mutex;
    double saved = omp_get_wtime();
    std::size_t done = 0;
    for (const Tested& t : tested_) done += t.done;
#pragma omp parallel for schedule(dynamic)
    for (std::size_t k = 0; k < tasks_.size(); ++k) {
      if (tested_[k].done) continue;
      try {
        {
          const std::lock_guard lock(mutex);
          if (failure) continue;
        }
        Tested t = test(tasks_[k]);
        const std::lock_guard lock(mutex);
        tested_[k] = std::move(t), ++done;
        if (omp_get_thread_num() == 0)
          context_.progress(double(done) / double(tasks_.size()), fmt::format("{} of {} regions", done, tasks_.size()));
        if (omp_get_wtime() - saved > 5) save(), saved = omp_get_wtime();
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
      }
    }
    save();
    if (failure) std::rethrow_exception(failure);
  }

  LocalYieldMap map();

 private:
  double peak() const {
    Frame f = frame_;
    if (dimension_ == 2) f.box = Box(f.box.edges(), f.box.origin(), {f.box.periodic(0), f.box.periodic(1), false});
    const double r = structure::first_shell(f).peak_position.value;
    if (!std::isfinite(r)) throw InputError(fmt::format("{}: g(r) must have a first peak, got none; give radius", frame_.source));
    return r;
  }

  Tested test(const Task& task) {
    RegionSettings settings{
        .radius = task.multiple > 0 ? task.multiple * (o_.radius ? radius_ / o_.radius_multiple : first_peak_) : radius_,
        .strain_step = o_.strain_step,
        .max_strain = o_.max_strain,
        .strain_tolerance = o_.strain_tolerance,
        .force_tolerance = o_.force_tolerance,
        .least_drop = o_.least_drop,
        .kick = o_.kick};
    const LocalRegion region(potential_, frame_, task.centre, settings);
    Tested t{1, double(region.inner()), double(region.simulated()), {}, {nan, nan, nan, 0}};
    for (const LocalStrain& s : shears_) t.shear.push_back(region.yield(s, context_));
    if (o_.dilatation) t.tension = region.yield(dilatation(dimension_), context_);
    return t;
  }

  std::string key() const {
    io::Archive a;
    a << frame_.position << frame_.type << frame_.box.edges() << radius_ << o_.radius_multiple << shears_.size() << o_.dilatation
      << o_.sensitivity << o_.sensitivity_centres << o_.strain_step << o_.max_strain << o_.strain_tolerance << o_.force_tolerance
      << o_.least_drop << o_.kick << centres_;
    return io::sha256(fmt::format("{} {} ", version, o_.potential) + a.bytes());
  }

  void save() const {
    if (context_.directory.empty()) return;
    io::Archive out;
    for (const Tested& t : tested_) out << t.done << t.inner << t.simulated << t.shear << t.tension;
    std::filesystem::create_directories(file_.parent_path());
    io::write_archive(file_, key_, out);
  }

  void resume() {
    if (context_.directory.empty()) return;
    io::Archive in = io::read_archive(file_, key_);
    if (in.empty()) return;
    for (Tested& t : tested_) in >> t.done >> t.inner >> t.simulated >> t.shear >> t.tension;
  }

  /// To the minimum, which must be near: the surroundings of every region are taken as they are, and regions that relax differently would
  /// be compared otherwise.
  void settle() {
    const auto calculator = potential_->calculator(frame_);
    std::vector<Vec3> f(frame_.size());
    calculator->forces(frame_.box, frame_.position, f);
    for (const Vec3& v : f) residual_ = std::isfinite(norm(v)) ? std::max(residual_, norm(v)) : INFINITY;
    const std::string unit = unit_in(frame_.units, "eV/angstrom");
    if (!(residual_ <= o_.force_limit))
      throw InputError(
          fmt::format("{}: must be a minimum of {} (no force above {:.3g} {}), got {:.3g} {}: run `heteroglass landscape minimise` first",
                      frame_.source, potential_->name(), o_.force_limit, unit, residual_, unit));
    if (residual_ > o_.force_tolerance)
      relax(*calculator, frame_.box, frame_.position, {.force_tolerance = o_.force_tolerance, .frozen = {}}, context_);
  }

  void fill(LocalYieldMap& r) const;
  Table orientation_table() const;
  Table centre_table(const LocalYieldMap& r) const;
  Table sensitivity_table(const LocalYieldMap& r) const;

  Frame frame_;
  const LocalYieldOptions& o_;
  Context& context_;
  std::shared_ptr<const potential::Potential> potential_;
  int dimension_ = 3;
  double first_peak_ = nan, radius_ = 0, residual_ = 0;
  std::vector<LocalStrain> shears_;
  std::vector<std::size_t> centres_;
  std::vector<Task> tasks_;
  std::vector<Tested> tested_;
  std::string key_;
  std::filesystem::path file_;
};

/// The shear with the smallest increment; nullptr when none yielded.
const LocalYield* weakest(const Tested& t) {
  const LocalYield* w = nullptr;
  for (const LocalYield& y : t.shear)
    if (std::isfinite(y.increment) && (!w || y.increment < w->increment)) w = &y;
  return w;
}

void Survey::fill(LocalYieldMap& r) const {
  const std::size_t n = frame_.size();
  for (std::vector<double>* v : {&r.yield_increment_shear, &r.yield_stress_shear, &r.yield_strain_shear, &r.yield_increment_projected,
                                 &r.yield_increment_tension, &r.yield_stress_tension, &r.yield_strain_tension})
    v->assign(n, nan);
  r.weakest_direction = Matrix(n, 3, nan), r.weakest_normal = Matrix(n, 3, nan);
  double tests = 0, kept = 0;
  for (std::size_t k = 0; k < centres_.size(); ++k) {
    const Tested& t = tested_[k];
    const std::size_t i = centres_[k];
    r.atoms_inside += t.inner / double(centres_.size()), r.atoms_simulated += t.simulated / double(centres_.size());
    if (const LocalYield* w = weakest(t)) {
      r.yield_increment_shear[i] = w->increment, r.yield_stress_shear[i] = w->stress, r.yield_strain_shear[i] = w->strain;
      const LocalStrain& s = shears_[static_cast<std::size_t>(w - t.shear.data())];
      for (std::size_t c = 0; c < 3; ++c) r.weakest_direction(i, c) = s.direction[c], r.weakest_normal(i, c) = s.normal[c];
    }
    std::vector<double> increments;
    for (const LocalYield& y : t.shear) increments.push_back(y.increment);
    r.yield_increment_projected[i] = projected_increment(shears_, increments, o_.plane);
    r.yield_increment_tension[i] = t.tension.increment, r.yield_stress_tension[i] = t.tension.stress;
    r.yield_strain_tension[i] = t.tension.strain;
    for (const LocalYield& y : t.shear) tests += 1, kept += std::isnan(y.strain);
    if (o_.dilatation) tests += 1, kept += std::isnan(t.tension.strain);
  }
  for (const Tested& t : tested_) {
    for (const LocalYield& y : t.shear) r.force_evaluations += y.force_evaluations;
    r.force_evaluations += t.tension.force_evaluations;
  }
  r.not_yielded = kept / tests;
}

std::vector<double> finite(const std::vector<double>& v) {
  std::vector<double> out;
  std::copy_if(v.begin(), v.end(), std::back_inserter(out), [](double x) { return std::isfinite(x); });
  return out;
}

Measured mean_of(const std::vector<double>& v) {
  const std::vector<double> f = finite(v);
  return f.empty() ? Measured{nan, nan, "no region yielded"} : numeric::sample_mean(f, "one centre has no spread");
}

/// Spearman of the entries where both have a value.
Measured correlation(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::isfinite(a[i]) && std::isfinite(b[i])) x.push_back(a[i]), y.push_back(b[i]);
  if (x.size() < 4) return {nan, nan, fmt::format("needs 4 centres that yielded in both, got {}", x.size())};
  const double rho = numeric::spearman(x, y);
  return {rho, (1 - rho * rho) / std::sqrt(double(x.size()) - 2), "(1 - rho^2) / sqrt(n - 2)"};
}

Table Survey::orientation_table() const {
  Table t;
  t.add_number("orientation", "1");
  for (const char* name : {"direction_x", "direction_y", "direction_z", "normal_x", "normal_y", "normal_z"}) t.add_number(name, "1");
  t.add_number("increment", "GPa", "mean over the centres"), t.add_number("increment_error", "GPa", "standard error");
  t.add_number("yielded", "1", "number of centres");
  for (std::size_t k = 0; k < shears_.size(); ++k) {
    std::vector<double> values;
    for (std::size_t c = 0; c < centres_.size(); ++c) values.push_back(tested_[c].shear[k].increment);
    const Measured m = mean_of(values);
    const LocalStrain& s = shears_[k];
    const double row[] = {double(k + 1), s.direction.x, s.direction.y, s.direction.z, s.normal.x,
                          s.normal.y,    s.normal.z,    m.value,       m.error,       double(finite(values).size())};
    for (std::size_t c = 0; c < std::size(row); ++c) t.columns[c].number.push_back(row[c]);
  }
  return t;
}

Table Survey::centre_table(const LocalYieldMap& r) const {
  Table t;
  t.add_number("id", "1"), t.add_text("species");
  t.add_number("atoms", "1", "that relax"), t.add_number("increment_shear", "GPa", "weakest shear");
  t.add_number("increment_projected", "GPa", "along the load"), t.add_number("increment_tension", "GPa", "in dilatation");
  t.add_number("strain_shear", "1"), t.add_number("strain_tension", "1");
  for (std::size_t k = 0; k < centres_.size(); ++k) {
    const std::size_t i = centres_[k];
    t.columns[1].text.push_back(frame_.species_name(static_cast<std::size_t>(frame_.type[i])));
    const double row[] = {double(frame_.id[i]),
                          0,
                          tested_[k].inner,
                          r.yield_increment_shear[i],
                          r.yield_increment_projected[i],
                          r.yield_increment_tension[i],
                          r.yield_strain_shear[i],
                          r.yield_strain_tension[i]};
    for (std::size_t c = 0; c < std::size(row); ++c)
      if (c != 1) t.columns[c].number.push_back(row[c]);
  }
  return t;
}

Table Survey::sensitivity_table(const LocalYieldMap& r) const {
  Table t;
  t.add_number("radius_multiple", "1"), t.add_number("radius", "angstrom"), t.add_number("atoms", "1", "that relax, mean");
  t.add_number("increment_shear", "GPa", "weakest shear, mean over the same centres"), t.add_number("increment_shear_error", "GPa");
  t.add_number("increment_tension", "GPa"), t.add_number("increment_tension_error", "GPa");
  t.add_number("spearman", "1", "with the increments in shear at the radius of the maps"), t.add_number("spearman_error", "1");
  const double unit = o_.radius ? radius_ / o_.radius_multiple : first_peak_;
  const auto add = [&](double multiple, const std::vector<const Tested*>& rows, const std::vector<double>& reference) {
    std::vector<double> shear, tension;
    double atoms = 0;
    for (const Tested* row : rows) {
      const LocalYield* w = weakest(*row);
      shear.push_back(w ? w->increment : nan), tension.push_back(row->tension.increment);
      atoms += row->inner / double(rows.size());
    }
    const Measured s = mean_of(shear), d = mean_of(tension), rho = correlation(shear, reference);
    const double row[] = {multiple, multiple * unit, atoms, s.value, s.error, d.value, d.error, rho.value, rho.error};
    for (std::size_t c = 0; c < std::size(row); ++c) t.columns[c].number.push_back(row[c]);
  };
  const std::size_t few = std::min(centres_.size(), static_cast<std::size_t>(o_.sensitivity_centres));
  std::vector<double> reference;
  std::vector<const Tested*> rows;
  for (std::size_t k = 0; k < few; ++k) reference.push_back(r.yield_increment_shear[centres_[k]]), rows.push_back(&tested_[k]);
  if (!o_.sensitivity.empty()) add(o_.radius_multiple, rows, reference);
  for (std::size_t m = 0; m < o_.sensitivity.size(); ++m) {
    for (std::size_t k = 0; k < few; ++k) rows[k] = &tested_[centres_.size() + m * few + k];
    add(o_.sensitivity[m], rows, reference);
  }
  return t;
}

LocalYieldMap Survey::map() {
  LocalYieldMap r;
  r.potential_reference = potential_->reference();
  r.first_peak = first_peak_, r.radius = radius_, r.centres_tested = static_cast<int>(centres_.size());
  r.residual_force = residual_;
  fill(r);
  if (r.not_yielded > 0)
    context_.warn(fmt::format("{:.1f} % of the tests did not yield up to a strain of {} (max_strain)", 100 * r.not_yielded, o_.max_strain));
  r.orientations = orientation_table(), r.centres = centre_table(r), r.sensitivity = sensitivity_table(r);
  r.mean_yield_increment_shear = mean_of(r.yield_increment_shear);
  r.mean_yield_increment_tension = o_.dilatation ? mean_of(r.yield_increment_tension) : Measured{nan, nan, "dilatation was not asked for"};
  r.shear_tension_correlation = correlation(r.yield_increment_shear, r.yield_increment_tension);
  return r;
}

}  // namespace

LocalYieldMap local_yield(const Frame& frame, const LocalYieldOptions& options, Context& context) {
  if (options.strain_step > options.max_strain || options.strain_tolerance > options.strain_step)
    throw InputError(fmt::format("strain_step: must lie between strain_tolerance {} and max_strain {}, got {}", options.strain_tolerance,
                                 options.max_strain, options.strain_step));
  Survey survey(frame, options, context);
  survey.run();
  return survey.map();
}

std::string local_yield_cost(const LocalYieldOptions& o, double atoms) {
  const bool flat = degrees_of_freedom(o.potential, 1) == 2;
  const auto listed = static_cast<double>(std::count(o.centres.begin(), o.centres.end(), ',') + (o.centres.ends_with(',') ? 0 : 1));
  const bool ids = o.centres.find(',') != std::string::npos;
  const double centres = o.centres == "all" ? atoms : ids ? listed : std::min(atoms, std::strtod(o.centres.c_str(), nullptr));
  const double directions = o.orientations.value_or(flat ? 18 : 12) + (o.dilatation ? 1 : 0);
  const double regions =
      centres + static_cast<double>(o.sensitivity.size()) * std::min(centres, static_cast<double>(o.sensitivity_centres));
  return fmt::format("{:.0f} regions of {:.0f} directions, some 1,000 force evaluations each: about {:.2g} minutes on one core with {}",
                     regions, directions, regions * directions * (flat ? 0.1 : 30) / 60,
                     flat ? "Lennard-Jones in two dimensions" : "an embedded-atom potential, less with pairs");
}

const Analysis& local_yield_analysis() {
  static const Analysis entry = [] {
    Analysis a =
        analysis<&local_yield>("landscape", "local_yield", "maps the local yield stress in shear and in dilatation",
                               {{"Patinet, Vandembroucq, Falk, Phys. Rev. Lett. 117, 045501 (2016)", "10.1103/PhysRevLett.117.045501"},
                                {"Barbot et al., Phys. Rev. E 97, 033001 (2018)", "10.1103/PhysRevE.97.033001"},
                                {"Alexa, CVPR 2022 (even orientations)", "10.1109/CVPR52688.2022.00811"}});
    a.cost = [](const void* options, double atoms) { return local_yield_cost(*static_cast<const LocalYieldOptions*>(options), atoms); };
    return a;
  }();
  return entry;
}

}  // namespace heteroglass::landscape
