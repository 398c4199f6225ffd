//! Fair shares, exactly: rows want places, columns give them, and the whole is worth as much as it can be.
//!
//! A row is filled from a list of columns, one place a column at most; its first place is worth most, each further one no
//! more than the one before. A column gives places up to its capacity, the first the cheapest, each further one at least
//! as dear. The worth of an assignment is the sum of the values of its pairs and of the filled places, less the costs of
//! the columns: separable and concave, so that it is a flow of least cost and the best one can be found exactly. Numbers
//! are whole: sums have no rounding, and equal inputs give equal outputs on every machine. What rows and columns stand for
//! is the caller's; ties go by their order, which the caller makes canonical.
//!
//! Method: rows come in one by one, place by place. Each place is filled along the cheapest chain of exchanges (a shortest
//! path in the residual graph, by Dijkstra's algorithm over reduced costs), or stays empty when every chain costs more
//! than it brings. Since the chain is the cheapest cycle through the new place, no cheaper exchange is left afterwards:
//! the assignment of the rows so far is optimal at every step. A search ends as soon as it reaches a free place, and
//! potentials change only where it went. (R. Jonker, A. Volgenant, *A shortest augmenting path algorithm for dense and
//! sparse linear assignment problems*, 1987; R. Ahuja, T. Magnanti, J. Orlin, *Network Flows*, 1993, chapters 9 and 14.)

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What wants places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What each filled place is worth, the first one first; none worth more than the one before.
    pub places: Vec<i64>,
    /// The columns that may fill one, each once, with the value of the pair.
    pub values: Vec<(usize, i64)>,
}

/// What gives places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// What each place given costs, the first one first, none less than the one before: as many as its capacity.
    pub costs: Vec<i64>,
}

/// Who fills which row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// For each row the columns that fill it, in their order.
    pub filled: Vec<Vec<usize>>,
    /// What all of it is worth: at least 0, and no assignment is worth more.
    pub worth: i64,
}

/// The assignment of most worth. Sums of four numbers of the input must lie within 64 bits. Cost: for each place a search
/// that ends at the first free column; `O(places · edges · log edges)` when everything is contested, near
/// `O(edges)` when little is.
///
/// # Panics
/// When a place is worth more than the one before, a column's place costs less than the one before, or a row names a
/// column that is not there.
pub fn assign(rows: &[Row], columns: &[Column]) -> Assignment {
    let concave = rows.iter().all(|row| row.places.is_sorted_by(|a, b| a >= b));
    let convex = columns.iter().all(|column| column.costs.is_sorted());
    assert!(
        concave && convex,
        "places lose worth and gain cost, one after the other"
    );
    let mut flow = Flow::new(rows, columns);
    for row in 0..rows.len() {
        flow.enter(row);
        while flow.fill(row) {}
    }
    flow.assignment()
}

/// A node of the residual graph: rows first, then columns. The ends of the flow, source and sink, are one node that is
/// never searched from and needs no number.
type Node = usize;

/// How a search came to a node, or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// From this row, by its edge of that number.
    Takes(usize, usize),
    /// From this column, which one of its rows gives back by its edge of that number.
    GivesBack(usize, usize),
}

/// Where a search ended best so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The new place stays empty.
    Empty,
    /// At a column that has a place to give.
    Free(usize),
    /// At a row that gives up its last place.
    GivenUp(usize),
}

struct Flow<'a> {
    rows: &'a [Row],
    columns: &'a [Column],
    /// Edges by row: those of row `r` are `edges[first[r]..first[r + 1]]`. Those to columns that give nothing are left out.
    first: Vec<usize>,
    edges: Vec<(usize, i64)>,
    /// Which edges are in the assignment.
    taken: Vec<bool>,
    /// How many places each row has filled.
    filled: Vec<usize>,
    /// By column, the rows that it fills, each with the edge.
    given: Vec<Vec<(usize, usize)>>,
    /// Under these no residual arc has a negative reduced cost: cost + potential of its tail − potential of its head.
    potential: Vec<i64>,
    search: Search,
}

/// What one search keeps; laid out once.
struct Search {
    distance: Vec<i64>,
    way: Vec<Option<Way>>,
    touched: Vec<Node>,
    scanned: Vec<Node>,
    open: BinaryHeap<Reverse<(i64, Node)>>,
}

impl Search {
    fn new(nodes: usize) -> Self {
        Self {
            distance: vec![i64::MAX; nodes],
            way: vec![None; nodes],
            touched: Vec::new(),
            scanned: Vec::new(),
            open: BinaryHeap::new(),
        }
    }

    fn clear(&mut self) {
        for node in self.touched.drain(..) {
            self.distance[node] = i64::MAX;
            self.way[node] = None;
        }
        self.scanned.clear();
        self.open.clear();
    }

    /// Notes that `node` can be reached at `distance`, if that is news and less than `bound`.
    fn reach(&mut self, node: Node, distance: i64, bound: i64, way: Option<Way>) {
        if distance < self.distance[node] && (distance < bound || way.is_none()) {
            if self.distance[node] == i64::MAX {
                self.touched.push(node);
            }
            (self.distance[node], self.way[node]) = (distance, way);
            self.open.push(Reverse((distance, node)));
        }
    }
}

impl<'a> Flow<'a> {
    fn new(rows: &'a [Row], columns: &'a [Column]) -> Self {
        let (mut first, mut edges) = (vec![0], Vec::new());
        for row in rows {
            let gives = |(column, _): &&(usize, i64)| !columns[*column].costs.is_empty();
            edges.extend(row.values.iter().filter(gives));
            first.push(edges.len());
        }
        let nodes = rows.len() + columns.len();
        let mut potential = vec![0; nodes];
        for (column, node) in columns.iter().zip(rows.len()..) {
            // The arc to the sink costs nothing more than this: free columns are reached at once.
            potential[node] = -column.costs.first().copied().unwrap_or(0);
        }
        Self {
            rows,
            columns,
            first,
            taken: vec![false; edges.len()],
            edges,
            filled: vec![0; rows.len()],
            given: vec![Vec::new(); columns.len()],
            potential,
            search: Search::new(nodes),
        }
    }

    fn node_of(&self, column: usize) -> Node {
        self.rows.len() + column
    }

    /// Gives a row that holds nothing yet its potential: no arc leads to it, and those that leave it cost at least 0.
    fn enter(&mut self, row: usize) {
        let edges = &self.edges[self.first[row]..self.first[row + 1]];
        let reach = |&(column, value): &(usize, i64)| self.potential[self.node_of(column)] + value;
        self.potential[row] = edges.iter().map(reach).max().unwrap_or(0);
    }

    /// Fills the row's next place along the cheapest chain; whether that brings more than it costs.
    fn fill(&mut self, row: usize) -> bool {
        let Some(&place) = self.rows[row].places.get(self.filled[row]) else {
            return false;
        };
        let (end, length) = self.cheapest_chain(row, place + self.potential[row]);
        if end == End::Empty {
            return false;
        }
        for &node in &self.search.scanned {
            self.potential[node] += self.search.distance[node] - length;
        }
        self.exchange(row, end);
        true
    }

    /// Where the cheapest chain from `row` ends, and its reduced length; only lengths below `bound` are worth anything.
    fn cheapest_chain(&mut self, row: usize, bound: i64) -> (End, i64) {
        self.search.clear();
        self.search.reach(row, 0, bound, None);
        let (mut end, mut shortest) = (End::Empty, bound);
        while let Some(Reverse((distance, node))) = self.search.open.pop() {
            if distance >= shortest {
                break;
            }
            if distance > self.search.distance[node] {
                continue; // It was reached at less meanwhile.
            }
            self.search.scanned.push(node);
            let leaves = distance + self.potential[node];
            let ends = if node < self.rows.len() {
                self.look_along(node, leaves, shortest);
                let given_up = self.filled[node].checked_sub(1);
                given_up.map(|last| (End::GivenUp(node), leaves + self.rows[node].places[last]))
            } else {
                let column = node - self.rows.len();
                self.look_back(column, leaves, shortest);
                let next = self.columns[column].costs.get(self.given[column].len());
                next.map(|cost| (End::Free(column), leaves + cost))
            };
            if let Some((found, length)) = ends.filter(|&(_, length)| length < shortest) {
                (end, shortest) = (found, length);
            }
        }
        (end, shortest)
    }

    /// From a row to the columns that it does not hold.
    fn look_along(&mut self, row: usize, leaves: i64, bound: i64) {
        for edge in self.first[row]..self.first[row + 1] {
            if !self.taken[edge] {
                let (column, value) = self.edges[edge];
                let node = self.rows.len() + column;
                let distance = leaves - value - self.potential[node];
                self.search.reach(node, distance, bound, Some(Way::Takes(row, edge)));
            }
        }
    }

    /// From a column to the rows that hold it, each of which may give it back.
    fn look_back(&mut self, column: usize, leaves: i64, bound: i64) {
        for &(row, edge) in &self.given[column] {
            let distance = leaves + self.edges[edge].1 - self.potential[row];
            let way = Way::GivesBack(column, edge);
            self.search.reach(row, distance, bound, Some(way));
        }
    }

    /// Carries out the chain from `row` to `end`.
    fn exchange(&mut self, row: usize, end: End) {
        let mut node = match end {
            End::Free(column) => self.node_of(column),
            End::GivenUp(other) => {
                self.filled[other] -= 1;
                other
            }
            End::Empty => return,
        };
        self.filled[row] += 1;
        // From the end to the beginning: rows let go of columns and take others, each column keeps its count but the last.
        while let Some(way) = self.search.way[node] {
            match way {
                Way::Takes(holder, edge) => {
                    let column = self.edges[edge].0;
                    self.taken[edge] = true;
                    self.given[column].push((holder, edge));
                    node = holder;
                }
                Way::GivesBack(column, edge) => {
                    self.taken[edge] = false;
                    self.given[column].retain(|&(_, other)| other != edge);
                    node = self.node_of(column);
                }
            }
        }
    }

    fn assignment(&self) -> Assignment {
        let (mut filled, mut worth) = (Vec::with_capacity(self.rows.len()), 0);
        for (n, row) in self.rows.iter().enumerate() {
            let edges = (self.first[n]..self.first[n + 1]).filter(|&edge| self.taken[edge]);
            let mut columns: Vec<usize> = edges
                .map(|edge| {
                    worth += self.edges[edge].1;
                    self.edges[edge].0
                })
                .collect();
            columns.sort_unstable();
            worth += row.places[..columns.len()].iter().sum::<i64>();
            filled.push(columns);
        }
        let given = self.columns.iter().zip(&self.given);
        worth -= given
            .map(|(column, given)| column.costs[..given.len()].iter().sum::<i64>())
            .sum::<i64>();
        Assignment { filled, worth }
    }
}

#[cfg(test)]
mod tests;
