/// What a component looks like in the total loss of a model: a peak of its own, a shoulder, or an excess wing.
///
/// Criterion, on the model curve M''(w) (M''(T) in a temperature scan at one frequency) with step 0.02 in ln w (or 0.2 % in T):
///   - resolved peak: the total has a local maximum within half a decade (3 % of T) of the component's own;
///   - shoulder: no such maximum, but ln M'' is concave there while it is convex between there and the total's highest maximum;
///   - excess wing: neither; the component only lifts the flank;
///   - background: a component without a loss peak (constant loss, creep).
/// Temperature ranges of the names, by T_p/Tg at 0.01 to 100 Hz: alpha above 0.93, slow beta 0.6 to 0.93, fast beta' below.
#pragma once

#include <functional>
#include <string>

namespace heteroglass::relaxation {

/// `x` is ln w or ln T; `within` half the search range about `at`.
std::string peak_class(const std::function<double(double x)>& total, double at, double low, double high, double within, double step);
/// "alpha", "slow beta", "fast beta'" by the ratio of peak temperature and Tg.
std::string peak_name(double reduced_temperature);

}  // namespace heteroglass::relaxation
