//! The little dense algebra that fitting needs: Cholesky's factor, and the eigenvectors of a symmetric matrix.

use ndarray::{Array1, Array2, ArrayView2};

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
    let n = a.nrows();
    let mut a = a.clone();
    let mut vectors = Array2::<f64>::eye(n);
    let scale: f64 = a.iter().map(|x| x * x).sum();
    for _ in 0..60 {
        let off: f64 = (0..n)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|ij| a[ij] * a[ij])
            .sum();
        if off <= scale * 1e-24 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[[j, j]].total_cmp(&a[[i, i]]));
    let values = order.iter().map(|&i| a[[i, i]]).collect();
    (values, vectors.select(ndarray::Axis(1), &order))
}

/// One rotation that takes `matrix[p, q]` to nothing.
fn rotate(matrix: &mut Array2<f64>, vectors: &mut Array2<f64>, p: usize, q: usize) {
    if matrix[[p, q]].abs() <= f64::MIN_POSITIVE {
        return;
    }
    let theta = (matrix[[q, q]] - matrix[[p, p]]) / (2.0 * matrix[[p, q]]);
    // The smaller of the two angles; 45° when the diagonal is level.
    let tangent = 1.0_f64.copysign(theta) / (theta.abs() + theta.mul_add(theta, 1.0).sqrt());
    let cosine = 1.0 / tangent.mul_add(tangent, 1.0).sqrt();
    let sine = tangent * cosine;
    let turned = |x: f64, y: f64| (cosine * x - sine * y, sine * x + cosine * y);
    for mut row in matrix.rows_mut() {
        (row[p], row[q]) = turned(row[p], row[q]);
    }
    for mut column in matrix.columns_mut() {
        (column[p], column[q]) = turned(column[p], column[q]);
    }
    for mut row in vectors.rows_mut() {
        (row[p], row[q]) = turned(row[p], row[q]);
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
