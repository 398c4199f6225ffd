//! The little dense algebra that fitting needs: Cholesky's factor, and the eigenvectors of a symmetric matrix.

use ndarray::{Array1, Array2, ArrayView2};

/// Rounds of rotations at most; a dozen suffices.
const SWEEPS_MAX: usize = 60;

/// The lower triangular L with L·Lᵀ = `a`; `None` when `a` is not positive definite. Reads the lower triangle only.
/// Cost: n³ / 3 products.
pub(super) fn cholesky(a: &ArrayView2<'_, f64>) -> Option<Array2<f64>> {
    let n = a.nrows();
    let mut l = Array2::zeros((n, n));
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| l[[i, k]] * l[[j, k]]).sum();
            let rest: f64 = a[[i, j]] - dot;
            l[[i, j]] = if i != j {
                rest / l[[j, j]]
            } else if rest > 0.0 {
                rest.sqrt()
            } else {
                return None;
            };
        }
    }
    Some(l)
}

/// The x with `a`·x = `b`, `a` being symmetric; `None` when it is not positive definite.
pub(super) fn solve(a: &ArrayView2<'_, f64>, b: &Array1<f64>) -> Option<Array1<f64>> {
    let lower = cholesky(a)?;
    let mut x = b.clone();
    for i in 0..b.len() {
        let dot: f64 = (0..i).map(|k| lower[[i, k]] * x[k]).sum();
        x[i] = (x[i] - dot) / lower[[i, i]];
    }
    for i in (0..b.len()).rev() {
        let dot: f64 = (i + 1..b.len()).map(|k| lower[[k, i]] * x[k]).sum();
        x[i] = (x[i] - dot) / lower[[i, i]];
    }
    Some(x)
}

/// Makes the columns of `y` orthonormal without changing what they span: y · L⁻ᵀ, L being the factor of yᵀ·y. Columns that
/// depend on others are noise afterwards, but finite.
pub(super) fn orthonormalise(y: &Array2<f64>) -> Array2<f64> {
    let n = y.ncols();
    let mut gram = y.t().dot(y);
    // A grain on the diagonal keeps the factor finite when there are fewer directions than columns.
    let grain = gram.diag().sum() * 1e-12 / n as f64 + f64::MIN_POSITIVE;
    gram.diag_mut().iter_mut().for_each(|x| *x += grain);
    let Some(l) = cholesky(&gram.view()) else {
        return y.clone();
    };
    y.dot(&inverse_of_lower(&l).t())
}

/// The inverse of a lower triangular matrix, itself lower triangular. Cost: n³ / 6 products.
fn inverse_of_lower(l: &Array2<f64>) -> Array2<f64> {
    let n = l.nrows();
    let mut inverse = Array2::zeros((n, n));
    for column in 0..n {
        inverse[[column, column]] = 1.0 / l[[column, column]];
        for i in column + 1..n {
            let dot: f64 = (column..i).map(|k| l[[i, k]] * inverse[[k, column]]).sum();
            inverse[[i, column]] = -dot / l[[i, i]];
        }
    }
    inverse
}

/// The eigenvalues of the symmetric `a` with its eigenvectors as columns, the largest value first, by cyclic Jacobi
/// rotations. (G. Golub, C. Van Loan, *Matrix Computations*, 8.5.) Cost: a few sweeps of n³ products.
pub(super) fn eigen(a: &Array2<f64>) -> (Array1<f64>, Array2<f64>) {
    let size = a.nrows();
    let mut turning = Turning {
        size,
        matrix: a.iter().copied().collect(),
        vectors: Array2::<f64>::eye(size).into_iter().collect(),
    };
    let length: f64 = turning.matrix.iter().map(|x| x * x).sum::<f64>().sqrt();
    let least = length * 1e-13;
    for _ in 0..SWEEPS_MAX {
        let mut turned = false;
        for p in 0..size {
            for q in p + 1..size {
                turned |= turning.turn(p, q, least);
            }
        }
        if !turned {
            break;
        }
    }
    let value = |place: usize| turning.matrix[place * size + place];
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&i, &j| value(j).total_cmp(&value(i)));
    let values = order.iter().map(|&place| value(place)).collect();
    let vectors = Array2::from_shape_fn((size, size), |(row, column)| {
        turning.vectors[order[column] * size + row]
    });
    (values, vectors)
}

/// A symmetric matrix on its way to a diagonal one, row by row, and the eigenvectors as they come, one a row.
struct Turning {
    size: usize,
    matrix: Vec<f64>,
    vectors: Vec<f64>,
}

impl Turning {
    /// One rotation that takes the element at (`p`, `q`), `p` < `q`, to nothing; whether it was above `least`.
    fn turn(&mut self, p: usize, q: usize, least: f64) -> bool {
        let size = self.size;
        let off = self.matrix[p * size + q];
        if off.abs() <= least {
            return false;
        }
        let theta = (self.matrix[q * size + q] - self.matrix[p * size + p]) / (2.0 * off);
        // The smaller of the two angles; 45° when the diagonal is level.
        let tangent = 1.0_f64.copysign(theta) / (theta.abs() + theta.mul_add(theta, 1.0).sqrt());
        let cosine = 1.0 / tangent.mul_add(tangent, 1.0).sqrt();
        let sine = tangent * cosine;
        let turned = |x: f64, y: f64| (cosine * x - sine * y, sine * x + cosine * y);
        for row in self.matrix.chunks_exact_mut(size) {
            (row[p], row[q]) = turned(row[p], row[q]);
        }
        for rows in [&mut self.matrix, &mut self.vectors] {
            let (before, after) = rows.split_at_mut(q * size);
            let (first, second) = (&mut before[p * size..(p + 1) * size], &mut after[..size]);
            for (x, y) in first.iter_mut().zip(second) {
                (*x, *y) = turned(*x, *y);
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_solution_solves_and_an_indefinite_matrix_has_none() {
        let a = array![[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 5.0]];
        let b = array![1.0, -2.0, 3.0];
        let x = solve(&a.view(), &b).expect("positive definite");
        assert!((a.dot(&x) - &b).iter().all(|d| d.abs() < 1e-12));
        assert!(cholesky(&array![[1.0, 2.0], [2.0, 1.0]].view()).is_none());
    }

    #[test]
    fn eigenvectors_rebuild_the_matrix_largest_first() {
        let a = array![[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 5.0]];
        let (values, vectors) = eigen(&a);
        assert!(values[0] >= values[1] && values[1] >= values[2]);
        let again = vectors.dot(&Array2::from_diag(&values)).dot(&vectors.t());
        assert!((again - &a).iter().all(|d| d.abs() < 1e-10));
    }

    #[test]
    fn columns_become_orthonormal_even_when_they_repeat() {
        let y = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.5]];
        let q = orthonormalise(&y);
        assert!((q.t().dot(&q) - Array2::<f64>::eye(2)).iter().all(|d| d.abs() < 1e-6));
        let repeated = orthonormalise(&array![[1.0, 1.0], [2.0, 2.0]]);
        assert!(repeated.iter().all(|x| x.is_finite()));
    }
}
