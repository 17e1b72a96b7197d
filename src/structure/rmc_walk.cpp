#include "structure/rmc_walk.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/vector_clones.hpp"

namespace heteroglass::structure {
namespace {

constexpr std::size_t batch = 64;
constexpr double jump = 2;  // [angstrom]

/// A stream of numbers that depends on seed and place only (splitmix64: Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195).
class Stream {
 public:
  Stream(std::uint64_t seed, std::uint64_t place) : state_(mixed(seed * 0x9E3779B97F4A7C15ULL) ^ mixed(place + 0x632BE59BD9B4E019ULL)) {}
  double uniform() {
    state_ += 0x9E3779B97F4A7C15ULL;
    return static_cast<double>(mixed(state_) >> 11) * 0x1.0p-53;
  }

 private:
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

/// sum += sum_b delta_b kernel_b, by points.
HETEROGLASS_VECTOR_CLONES void add_bins(const std::vector<std::int16_t>& delta, const float* kernel, std::size_t points, float* sum) {
  for (std::size_t b = 0; b < delta.size(); ++b) {
    if (delta[b] == 0) continue;
    const auto times = static_cast<float>(delta[b]);
    const float* a = kernel + b * points;
    for (std::size_t k = 0; k < points; ++k) sum[k] += times * a[k];
  }
}

int wrapped(int i, int n) { return ((i % n) + n) % n; }

}  // namespace

RmcWalk::RmcWalk(const Frame& frame, SpeciesPairs pairs, const DistanceBins& bins, std::vector<RmcTarget> targets, RmcRules rules)
    : box_(frame.box),
      pairs_(std::move(pairs)),
      bins_(bins),
      targets_(std::move(targets)),
      rules_(std::move(rules)),
      kinds_(frame.species.size()),
      position_(frame.position) {
  for (const int t : frame.type) species_.push_back(static_cast<std::size_t>(t));
  for (const double v : rules_.least.values) closest_ = std::max(closest_, v);
  const double heights[] = {box_.heights().x, box_.heights().y, box_.heights().z};
  for (std::size_t d = 0; d < 3; ++d) {
    cells_[d] = std::max(1, static_cast<int>(heights[d] / (bins_.r_max / 3)));
    reach_[d] = static_cast<int>(std::ceil(bins_.r_max / heights[d] * cells_[d]));
  }
  fill_cells();
  count();
}

std::size_t RmcWalk::cell_of(const Vec3& r, std::array<int, 3>& place) const {
  const Vec3 s = box_.fractional(r);
  const double f[] = {s.x, s.y, s.z};
  for (std::size_t d = 0; d < 3; ++d) place[d] = std::clamp(static_cast<int>(f[d] * cells_[d]), 0, cells_[d] - 1);
  return cell_at(place[0], place[1], place[2]);
}

void RmcWalk::fill_cells() {
  members_.assign(static_cast<std::size_t>(cells_[0]) * static_cast<std::size_t>(cells_[1]) * static_cast<std::size_t>(cells_[2]), {});
  home_.resize(position_.size());
  std::array<int, 3> place{};
  for (std::size_t i = 0; i < position_.size(); ++i) {
    position_[i] = box_.wrap(position_[i]);
    members_[home_[i] = cell_of(position_[i], place)].push_back(static_cast<std::int32_t>(i));
  }
}

void RmcWalk::count() {
  counts_.assign(pairs_.size(), std::vector<std::int32_t>(bins_.count));
  std::vector<std::vector<std::vector<std::int32_t>>> parts(64, counts_);  // fixed shares, added in order
#pragma omp parallel for schedule(dynamic)
  for (std::size_t part = 0; part < parts.size(); ++part) {
    Proposal p;
    p.delta.assign(kinds_, std::vector<std::int16_t>(bins_.count));
    for (std::size_t i = part; i < position_.size(); i += parts.size()) {
      p.atom = i;
      for (auto& d : p.delta) std::fill(d.begin(), d.end(), std::int16_t{0});
      count_around(p, position_[i], 1);
      for (const std::size_t s : pairs_.species())
        for (std::size_t b = 0; b < bins_.count; ++b) parts[part][pair_of(species_[i], s)][b] += p.delta[s][b];
    }
  }
  for (const auto& part : parts)
    for (std::size_t p = 0; p < counts_.size(); ++p)
      for (std::size_t b = 0; b < bins_.count; ++b) counts_[p][b] += part[p][b];
  for (auto& c : counts_)
    for (std::int32_t& n : c) n /= 2;  // each pair came from both sides
  embed();
  model_.clear();
  chi2_ = 0;
  for (const RmcTarget& t : targets_) {
    model_.push_back(t.model(counts_));
    for (std::size_t k = 0; k < t.points(); ++k) chi2_ += std::pow((model_.back()[k] - t.wanted[k]) / t.sigma[k], 2);
  }
}

/// visit(other, its squared distance) for all atoms but one within `reach` of a place; other may come several times as images.
template <class Visit> void RmcWalk::visit_near(const Vec3& centre, double reach, std::size_t but, Visit visit) const {
  std::array<int, 3> at{}, wide{};
  cell_of(centre, at);
  const double heights[] = {box_.heights().x, box_.heights().y, box_.heights().z};
  for (std::size_t d = 0; d < 3; ++d) wide[d] = static_cast<int>(std::ceil(reach / heights[d] * cells_[d]));
  for (int z = at[2] - wide[2]; z <= at[2] + wide[2]; ++z)
    for (int y = at[1] - wide[1]; y <= at[1] + wide[1]; ++y)
      for (int x = at[0] - wide[0]; x <= at[0] + wide[0]; ++x) {
        const int i = wrapped(x, cells_[0]), j = wrapped(y, cells_[1]), k = wrapped(z, cells_[2]);
        const int a = (x - i) / cells_[0], b = (y - j) / cells_[1], c = (z - k) / cells_[2];  // whole boxes away
        const Vec3 shift = box_.edges() * Vec3{static_cast<double>(a), static_cast<double>(b), static_cast<double>(c)};
        const Vec3 from = centre - shift;
        for (const std::int32_t other : members_[cell_at(i, j, k)]) {
          const auto o = static_cast<std::size_t>(other);
          const double square = norm2(position_[o] - from);
          if (square < reach * reach && o != but) visit(o, square);
        }
      }
}

/// Adds `sign` times the distances of the other atoms from `centre` to the change of counts, and to that of close pairs.
void RmcWalk::count_around(Proposal& p, const Vec3& centre, int sign) const {
  const double scale = 1 / bins_.width();
  const std::size_t own = species_[p.atom];
  visit_near(centre, bins_.r_max, p.atom, [&](std::size_t o, double square) {
    const double r = std::sqrt(square);
    const std::size_t s = species_[o], b = std::min(static_cast<std::size_t>(r * scale), bins_.count - 1);
    p.delta[s][b] = static_cast<std::int16_t>(p.delta[s][b] + sign);
    if (r < rules_.least(own, s)) p.overlaps += sign;
  });
}

/// Energy and densities of all atoms.
void RmcWalk::embed() {
  energy_ = 0;
  const potential::Functional* model = rules_.energy.terms.get();
  if (!model) return;
  density_.assign(position_.size(), 0);
  std::vector<double> each(position_.size());
#pragma omp parallel for schedule(static)
  for (std::size_t i = 0; i < position_.size(); ++i) {
    visit_near(position_[i], model->cutoff(), i, [&](std::size_t o, double square) {
      const potential::PairTerms t = model->pair(static_cast<int>(species_[i]), static_cast<int>(species_[o]), std::sqrt(square), 0, 0);
      each[i] += t.phi / 2, density_[i] += t.in;
    });
    each[i] += model->embedding(static_cast<int>(species_[i]), density_[i]).energy;
  }
  for (const double e : each) energy_ += e;
}

double RmcWalk::energy_change(const Proposal& p) const {
  const potential::Functional* model = rules_.energy.terms.get();
  if (!model) return 0;
  const int own = static_cast<int>(species_[p.atom]);
  double change = 0, density = 0;
  std::vector<std::pair<std::size_t, double>> others;  // what each neighbour's density gains
  for (const int sign : {-1, 1})
    visit_near(sign < 0 ? position_[p.atom] : p.to, model->cutoff(), p.atom, [&](std::size_t o, double square) {
      const potential::PairTerms t = model->pair(own, static_cast<int>(species_[o]), std::sqrt(square), 0, 0);
      change += sign * t.phi;
      if (sign > 0) density += t.in;
      others.emplace_back(o, sign * t.out);
    });
  change += model->embedding(own, density).energy - model->embedding(own, density_[p.atom]).energy;
  std::sort(others.begin(), others.end());
  for (std::size_t i = 0; i < others.size();) {
    const std::size_t o = others[i].first;
    double gain = 0;
    for (; i < others.size() && others[i].first == o; ++i) gain += others[i].second;
    const int s = static_cast<int>(species_[o]);
    change += model->embedding(s, density_[o] + gain).energy - model->embedding(s, density_[o]).energy;
  }
  return change;
}

void RmcWalk::add_change(Proposal& p, std::size_t species, std::size_t bin, int times) const {
  const std::size_t pair = pair_of(species_[p.atom], species);
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    const std::size_t n = targets_[t].points();
    const float* a = targets_[t].kernel.data() + bin * n;
    for (std::size_t k = 0; k < n; ++k) p.change[t][k] += static_cast<float>(times * targets_[t].coefficient(pair, k)) * a[k];
  }
}

void RmcWalk::evaluate(Proposal& p) const {
  begin(p);
  finish(p);
}

/// Takes the atom off its old place.
void RmcWalk::begin(Proposal& p) const {
  p.overlaps = 0;
  p.delta.resize(kinds_);
  for (auto& d : p.delta) d.assign(bins_.count, 0);
  count_around(p, position_[p.atom], -1);
}

/// Puts it to the new one.
void RmcWalk::finish(Proposal& p) const {
  count_around(p, p.to, 1);
  p.energy = energy_change(p);
  p.change.resize(targets_.size());
  std::vector<float> sum;
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    const RmcTarget& target = targets_[t];
    const std::size_t n = target.points();
    p.change[t].assign(n, 0);
    for (const std::size_t s : pairs_.species()) {
      sum.assign(n, 0);
      add_bins(p.delta[s], target.kernel.data(), n, sum.data());
      const std::size_t pair = pair_of(species_[p.atom], s);
      for (std::size_t k = 0; k < n; ++k) p.change[t][k] += static_cast<float>(target.coefficient(pair, k)) * sum[k];
    }
  }
}

void RmcWalk::propose(std::uint64_t move, Proposal& p) const {
  Stream random(rules_.seed, move);
  p.atom = std::min(static_cast<std::size_t>(random.uniform() * static_cast<double>(position_.size())), position_.size() - 1);
  const double x = 2 * random.uniform() - 1, y = 2 * random.uniform() - 1, z = 2 * random.uniform() - 1;
  p.to = position_[p.atom];
  p.lot = random.uniform();
  begin(p);
  const double reach = p.overlaps < 0 ? std::max(jump, rules_.max_move) : rules_.max_move;  // out of a close pair, into a hole
  p.to = box_.wrap(p.to + Vec3{x, y, z} * reach);
  finish(p);
}

bool RmcWalk::judge(Proposal& p) const {
  if (p.overlaps > 0) return false;
  double rise = rules_.energy.terms ? 2 * p.energy / rules_.energy.temperature : 0;
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    const RmcTarget& target = targets_[t];
    for (std::size_t k = 0; k < target.points(); ++k) {
      const double d = p.change[t][k];
      rise += d * (2 * (model_[t][k] - target.wanted[k]) + d) / (target.sigma[k] * target.sigma[k]);
    }
  }
  return p.overlaps < 0 || rise <= 0 || p.lot < std::exp(-rise / 2);
}

void RmcWalk::accept(const Proposal& p) {
  for (std::size_t t = 0; t < targets_.size(); ++t)
    for (std::size_t k = 0; k < targets_[t].points(); ++k) model_[t][k] += static_cast<double>(p.change[t][k]);
  for (const std::size_t s : pairs_.species()) {
    auto& counts = counts_[pair_of(species_[p.atom], s)];
    for (std::size_t b = 0; b < bins_.count; ++b) counts[b] += p.delta[s][b];
  }
  if (const potential::Functional* model = rules_.energy.terms.get()) {
    const int own = static_cast<int>(species_[p.atom]);
    density_[p.atom] = 0;
    for (const int sign : {-1, 1})
      visit_near(sign < 0 ? position_[p.atom] : p.to, model->cutoff(), p.atom, [&](std::size_t o, double square) {
        const potential::PairTerms t = model->pair(own, static_cast<int>(species_[o]), std::sqrt(square), 0, 0);
        density_[o] += sign * t.out;
        if (sign > 0) density_[p.atom] += t.in;
      });
    energy_ += p.energy;
  }
  std::array<int, 3> place{};
  const std::size_t to = cell_of(p.to, place);
  if (to != home_[p.atom]) {
    auto& left = members_[home_[p.atom]];
    left.erase(std::find(left.begin(), left.end(), static_cast<std::int32_t>(p.atom)));
    members_[to].push_back(static_cast<std::int32_t>(p.atom));
    home_[p.atom] = to;
  }
  position_[p.atom] = p.to;
}

/// Atom `moved` stood at `from` when the proposal was evaluated.
void RmcWalk::put_right(Proposal& p, std::size_t moved, const Vec3& from, const Vec3& to) const {
  const auto distance = [&](const Vec3& d) { return norm(box_.minimum_image(d)); };
  const Vec3 here = position_[p.atom];
  const double before = distance(from - here), after = distance(to - here);
  const double would = distance(from - p.to), will = distance(to - p.to);
  if (p.atom == moved || std::min({before, after, would, will}) < closest_) {
    if (p.atom == moved) p.to = box_.wrap(to + box_.minimum_image(p.to - from));
    evaluate(p);
    return;
  }
  const std::size_t s = species_[moved];
  const auto put = [&](double r, int times) {
    if (r >= bins_.r_max) return;
    const std::size_t b = std::min(static_cast<std::size_t>(r / bins_.width()), bins_.count - 1);
    p.delta[s][b] = static_cast<std::int16_t>(p.delta[s][b] + times);
    add_change(p, s, b, times);
  };
  put(before, 1), put(after, -1), put(would, -1), put(will, 1);
  // neighbours of neighbours feel each other through the embedding
  if (rules_.energy.terms && std::min({before, after, would, will}) < 2 * rules_.energy.terms->cutoff()) p.energy = energy_change(p);
}

/// Between a fifth and a half of the moves should be accepted.
void RmcWalk::adapt(std::uint64_t tried, std::uint64_t taken) {
  const double share = static_cast<double>(taken) / static_cast<double>(std::max<std::uint64_t>(tried, 1));
  if (share < 0.2) rules_.max_move = std::max(0.02, rules_.max_move * 0.9);
  if (share > 0.5) rules_.max_move = std::min(0.5, rules_.max_move * 1.1);
}

void RmcWalk::run(std::uint64_t moves) {
  std::vector<Proposal> proposals(batch);
  const std::uint64_t end = proposed_ + moves, before = accepted_;
  while (proposed_ < end) {
    const std::size_t n = std::min<std::uint64_t>(batch, end - proposed_);
#pragma omp parallel for schedule(dynamic)
    for (std::size_t i = 0; i < n; ++i) propose(proposed_ + i, proposals[i]);
    for (std::size_t i = 0; i < n; ++i) {
      if (!judge(proposals[i])) continue;
      const std::size_t moved = proposals[i].atom;
      const Vec3 from = position_[moved], to = proposals[i].to;
      accept(proposals[i]);
      ++accepted_;
      for (std::size_t j = i + 1; j < n; ++j) put_right(proposals[j], moved, from, to);
    }
    proposed_ += n;
  }
  adapt(moves, accepted_ - before);
}

std::size_t RmcWalk::overlaps() const {
  Proposal p;
  p.delta.assign(kinds_, std::vector<std::int16_t>(bins_.count));
  for (p.atom = 0; p.atom < position_.size(); ++p.atom) count_around(p, position_[p.atom], 1);
  return static_cast<std::size_t>(p.overlaps / 2);
}

void RmcWalk::save(io::Archive& out) const { out << position_ << rules_.max_move << proposed_ << accepted_; }

void RmcWalk::load(io::Archive& in) {
  in >> position_ >> rules_.max_move >> proposed_ >> accepted_;
  fill_cells();
  count();
}

}  // namespace heteroglass::structure
