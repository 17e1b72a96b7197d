#include "probes/tapping_oscillator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "probes/afm/press_loop.hpp"

namespace heteroglass::probes {
namespace {

using Result = TappingOscillator;

std::vector<double> distances(const TappingOscillatorOptions& o) {
  const double a0 = o.lever.free_amplitude, from = o.from.value_or(1.07 * a0 + 1), to = o.to.value_or(0.05 * a0);
  if (!(from > to)) throw InputError(fmt::format("--to: must be nearer than --from, got {} nm and {} nm", to, from));
  std::vector<double> d;
  for (int i = 0; i < o.points; ++i) d.push_back(from - (from - to) * i / (o.points - 1));
  return d;
}

void record(const TappingOscillatorOptions& o, const std::vector<Orbit>& coming, const std::vector<Orbit>& going, Result& r) {
  for (std::size_t i = 0; i < coming.size(); ++i) {
    const Orbit &a = coming[i], &b = going[going.size() - 1 - i];
    r.distance.push_back(a.distance), r.amplitude.push_back(a.amplitude), r.amplitude_back.push_back(b.amplitude);
    r.phase.push_back(a.phase), r.phase_back.push_back(b.phase);
    r.dissipation.push_back(a.dissipation), r.dissipation_back.push_back(b.dissipation);
    r.dissipation_formula.push_back(tapping_dissipation(o.lever, a.amplitude, a.phase));
    r.mean_force.push_back(a.mean_force), r.mean_force_formula.push_back(tapping_force(o.lever, a.amplitude, a.phase));
    r.peak_force.push_back(a.peak_force), r.closest.push_back(1e3 * a.closest), r.contact_time.push_back(a.contact_time);
    r.unsteady += !a.converged || !b.converged;
    if (std::abs(a.amplitude - b.amplitude) > 1e-3 * o.lever.free_amplitude) r.two_states = true;
  }
}

/// E against A/A0 where it falls steadily, and the slope between neighbours.
void shape(const TappingOscillatorOptions& o, const std::vector<Orbit>& coming, Result& r) {
  std::vector<const Orbit*> falling;
  for (const Orbit& a : coming)
    if (a.converged && (falling.empty() || a.amplitude < falling.back()->amplitude)) falling.push_back(&a);
  std::reverse(falling.begin(), falling.end());
  const Orbit* before = nullptr;
  for (const Orbit* a : falling) {
    const double x = a->amplitude / o.lever.free_amplitude;
    // Not across a leap from attraction (lag above 90 degrees) to repulsion.
    if (!r.ratio.empty() && x - r.ratio.back() > 1e-4 && (a->phase < 90) == (before->phase < 90)) {
      r.middle.push_back((x + r.ratio.back()) / 2);
      r.derivative.push_back((a->dissipation - r.ratio_dissipation.back()) / (x - r.ratio.back()));
    }
    r.ratio.push_back(x), r.ratio_dissipation.push_back(a->dissipation);
    before = a;
  }
}

void press(const TappingOscillatorOptions& o, Result& r) {
  TipSurface elastic = o.surface;
  elastic.viscosity = 0;
  PressLoop with = press_loop(o.surface, o.press_load, o.press_time), without = press_loop(elastic, o.press_load, o.press_time);
  r.press_depth = with.depth_at_peak, r.press_depth_elastic = without.depth_at_peak, r.press_dissipation = with.dissipation;
  r.depth = std::move(with.depth), r.load = std::move(with.load);
  r.depth_elastic = std::move(without.depth), r.load_elastic = std::move(without.load);
}

}  // namespace

double tapping_dissipation(const Cantilever& l, double amplitude, double phase) {
  const double excess = std::sin(phase * std::numbers::pi / 180) - l.frequency_ratio * amplitude / l.free_amplitude;
  return excess * std::numbers::pi * l.spring_constant * amplitude * l.free_amplitude / l.quality * 1e-18 / constants::elementary_charge;
}

double tapping_force(const Cantilever& l, double amplitude, double phase) {
  const double detuning = 1 - l.frequency_ratio * l.frequency_ratio;
  return l.spring_constant / 2 * (l.free_amplitude / l.quality * std::cos(phase * std::numbers::pi / 180) - amplitude * detuning);
}

TappingOscillator tapping_oscillator(const TappingOscillatorOptions& o, Context& context) {
  Result r;
  const std::vector<double> down = distances(o);
  std::vector<Orbit> coming, going;
  const auto follow = [&](double d, std::vector<Orbit>& orbits, const Orbit& from, double done) {
    context.check_cancelled();
    context.progress(done, "steady states");
    orbits.push_back(steady_orbit(o.lever, o.surface, d, from));
  };
  for (const double d : down)
    follow(d, coming, coming.empty() ? free_orbit(o.lever) : coming.back(), 0.5 * double(coming.size()) / double(down.size()));
  for (auto d = down.rbegin(); d != down.rend(); ++d)
    follow(*d, going, going.empty() ? coming.back() : going.back(), 0.5 + 0.5 * double(going.size()) / double(down.size()));
  record(o, coming, going, r);
  shape(o, coming, r);
  const double wanted = o.setpoint * o.lever.free_amplitude;
  const auto nearest = std::min_element(coming.begin(), coming.end(), [&](const Orbit& a, const Orbit& b) {
    return std::abs(a.amplitude - wanted) < std::abs(b.amplitude - wanted);
  });
  r.loop_ratio = nearest->amplitude / o.lever.free_amplitude;
  Loop loop = force_loop(o.lever, o.surface, *nearest);
  for (std::size_t i = 0; i < loop.distance.size(); ++i)
    if (loop.distance[i] < 3) r.loop_distance.push_back(loop.distance[i]), r.loop_force.push_back(loop.force[i]);
  press(o, r);
  r.drift = energy_drift(o.lever, o.surface, std::max(down.back(), 0.8 * o.lever.free_amplitude), o.lever.free_amplitude, 100);
  if (r.unsteady > 0)
    context.warn(fmt::format("{} distances have no periodic motion (chaos or subharmonics): their values are of one period", r.unsteady));
  if (r.two_states) context.warn("coming and going differ: at some distances two steady states exist");
  return r;
}

const Fields& TappingOscillatorOptions::fields() {
  using O = TappingOscillatorOptions;
  static const Fields table = with_nested<&O::lever>(with_nested<&O::surface>({
      field<&O::from>("from", "nm", "largest distance of the tip's rest position; unset: 1.07 A0 + 1 nm").positive(),
      field<&O::to>("to", "nm", "smallest distance; unset: 0.05 A0").positive(),
      field<&O::points>("points", "1", "number of distances").range(3, 2000),
      field<&O::setpoint>("setpoint", "1", "A/A0 at which the loop of forces is drawn").range(0.01, 1),
      field<&O::press_load>("press_load", "nN", "peak load of the quasi-static loop").positive(),
      field<&O::press_time>("press_time", "ms", "time in which the load rises to its peak, and falls again").positive(),
  }));
  return table;
}

const Fields& TappingOscillator::fields() {
  using R = TappingOscillator;
  const char* simulated = "a simulation without noise; its accuracy is `drift`";
  static const Fields table = {
      field<&R::distance>("distance", "nm", "rest position of the tip above the surface").exact("chosen"),
      field<&R::amplitude>("amplitude", "nm", "amplitude while the tip comes").over("distance").exact(simulated),
      field<&R::amplitude_back>("amplitude_back", "nm", "amplitude while it goes").over("distance").with("amplitude").exact(simulated),
      field<&R::phase>("phase", "deg", "lag behind the drive while the tip comes").over("distance").exact(simulated),
      field<&R::phase_back>("phase_back", "deg", "lag while it goes").over("distance").with("phase").exact(simulated),
      field<&R::dissipation>("dissipation", "eV", "work lost to the surface in a period").over("distance").exact(simulated),
      field<&R::dissipation_back>("dissipation_back", "eV", "the same while the tip goes")
          .over("distance")
          .with("dissipation")
          .exact(simulated),
      field<&R::dissipation_formula>("dissipation_formula", "eV", "the same read from amplitude and phase")
          .over("distance")
          .with("dissipation")
          .exact(simulated),
      field<&R::mean_force>("mean_force", "nN", "mean force on the tip, positive repels").over("distance").exact(simulated),
      field<&R::mean_force_formula>("mean_force_formula", "nN", "the same read from amplitude and phase")
          .over("distance")
          .with("mean_force")
          .exact(simulated),
      field<&R::peak_force>("peak_force", "nN", "largest force in a period").over("distance").exact(simulated),
      field<&R::closest>("closest", "pm", "smallest distance in a period; below the contact distance the surface is indented")
          .over("distance")
          .exact(simulated),
      field<&R::contact_time>("contact_time", "1", "share of the period in contact").over("distance").exact(simulated),
      field<&R::ratio>("ratio", "1", "A/A0, where it falls steadily").exact(simulated),
      field<&R::ratio_dissipation>("ratio_dissipation", "eV", "dissipation against A/A0").over("ratio").exact(simulated),
      field<&R::middle>("middle", "1", "A/A0 between two distances").exact(simulated),
      field<&R::derivative>("derivative", "eV", "slope of the dissipation against A/A0").over("middle").exact(simulated),
      field<&R::loop_distance>("loop_distance", "nm", "distance in a period at the set point, up to 3 nm").exact(simulated),
      field<&R::loop_force>("loop_force", "nN", "force in that period").over("loop_distance").exact(simulated),
      field<&R::loop_ratio>("loop_ratio", "1", "A/A0 of that loop, the nearest to the set point").exact(simulated),
      field<&R::depth>("depth", "nm", "depth in the quasi-static loop").exact("closed form"),
      field<&R::load>("load", "nN", "load in the quasi-static loop").over("depth").exact("chosen"),
      field<&R::depth_elastic>("depth_elastic", "nm", "the same without viscosity").exact("closed form"),
      field<&R::load_elastic>("load_elastic", "nN", "load of the elastic contact").over("depth_elastic").with("load").exact("chosen"),
      field<&R::press_depth>("press_depth", "nm", "depth at the peak load of the quasi-static loop").exact("closed form"),
      field<&R::press_depth_elastic>("press_depth_elastic", "nm", "the same without viscosity: Hertz").exact("closed form"),
      field<&R::press_dissipation>("press_dissipation", "eV", "area of the quasi-static loop").exact("trapezoids of a closed form"),
      field<&R::drift>("drift", "1", "change of the energy of an undamped tip in 100 periods").exact("measured on the integration itself"),
      field<&R::unsteady>("unsteady", "1", "distances without a periodic motion").exact("counted"),
      field<&R::two_states>("two_states", "", "whether coming and going differ").exact("compared"),
  };
  return table;
}

const Analysis& tapping_oscillator_analysis() {
  static const Analysis entry = analysis<&tapping_oscillator>(
      "probes", "tapping_oscillator", "simulated tapping curves: amplitude, phase and dissipation against distance",
      {{"Garcia, Perez, Surf. Sci. Rep. 47, 197 (2002)", "10.1016/S0167-5729(02)00077-8"},
       {"Garcia, Gomez, Martinez, Patil, Dietz, Magerle, Phys. Rev. Lett. 97, 016103 (2006)", "10.1103/PhysRevLett.97.016103"}});
  return entry;
}

}  // namespace heteroglass::probes
